/** The page's side of impressions: the one IntersectionObserver, the clock, and the core. */
import type { Core } from "./core";
import { Lifecycle } from "./lifecycle";
import { Module } from "./module";
import { Sightings } from "./sightings";

/** What impressions are recorded with: a client of Waymark, or anything that has its `track`. */
export interface Tracker {
  track(event: string, properties?: any, options?: any): unknown;
  on?(event: string, listener: () => void): unknown;
}

/** When an element counts as seen. */
export interface Rule {
  /** The share that has to be visible, 0 to 1: 0.5 by default. */
  threshold?: number | undefined;
  /** Milliseconds that it has to be visible, in all: 1000 by default. */
  dwellMs?: number | undefined;
  /** Whether it counts once in a page view (the default), or each time it comes into view. */
  once?: boolean | undefined;
  /** Whether the time starts anew when it goes out of view; by default it adds up. */
  continuous?: boolean | undefined;
  /** What the share is one of: the element (the default), or the viewport, for large elements. */
  of?: "element" | "viewport" | undefined;
}

/** The place of an element in a list: the list's number comes with the core. */
export interface Place {
  readonly list: ListHandle;
  readonly product: number;
}

/** A list that the core folds. */
export interface ListHandle {
  id: number | undefined;
  /** Takes the numbers of the products of one event. */
  readonly seen: (products: number[]) => void;
}

/** In place of a number of the core's: none. */
const NONE = 0xffffffff;
const OF_VIEWPORT = 1;
const EACH_TIME = 2;
const CONTINUOUS = 4;
const THRESHOLD_DEFAULT = 0.5;

/** Records an event with what `make` gives; nothing that is thrown there reaches the caller. */
export function record(
  analytics: Tracker,
  event: string,
  make: () => [properties: object, options?: object],
): void {
  void (async () => analytics.track(event, ...make()))().catch((error) =>
    console.warn("waymark:", error),
  );
}

/** Watches elements for all clients of the page. */
class Watcher {
  readonly #module: Module = new Module((core) => this.#wait(core));
  readonly #sightings: Sightings = new Sightings((sightings) => {
    this.lookAtPage();
    this.#tell((core) => {
      for (const { key, ofElement, ofViewport, atMs } of sightings) {
        const id = this.#ids.get(key);
        if (id !== undefined) core.see(id, ofElement, ofViewport, atMs);
      }
    });
  });
  /** The core's numbers, by what was watched. */
  readonly #ids: Map<object, number> = new Map();
  readonly #seen: Map<number, () => void> = new Map();
  readonly #lists: Map<number, ListHandle> = new Map();
  readonly #clients: WeakSet<Tracker> = new WeakSet();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #address = "";

  constructor() {
    this.#address = address();
    new Lifecycle({
      paused: (paused) =>
        this.#tell((core, atMs) => {
          core.setPaused(paused, atMs);
          this.#settle(core, atMs, paused);
        }),
      restored: () => this.#turn(),
    });
  }

  /** Runs `task` with the time of now, when the core is there, and then what is due of it. */
  #tell(task: (core: Core, atMs: number) => void): void {
    const atMs = performance.now();
    this.#module.run((core) => {
      task(core, atMs);
      this.#settle(core, atMs);
      if (this.#module.isOpen) this.#wait(core);
    });
  }

  /** A page that a client records may be another one. */
  follow(analytics: Tracker): this {
    if (!this.#clients.has(analytics)) {
      this.#clients.add(analytics);
      analytics.on?.("page", () => this.lookAtPage());
    }
    return this;
  }

  /** Begins a new page view where the page's path or search has changed. */
  lookAtPage(): void {
    if (this.#address === address()) return;
    this.#address = address();
    this.#turn();
  }

  #turn(): void {
    this.#tell((core, atMs) => {
      this.#settle(core, atMs, true);
      core.turn(atMs);
    });
  }

  /** Watches an element; `seen` is called for each impression that is of no list. */
  watch(
    element: Element,
    rule: Rule,
    seen: () => void,
    place?: Place,
  ): () => void {
    const { threshold = THRESHOLD_DEFAULT, dwellMs = NaN } = rule;
    const ofViewport = rule.of === "viewport";
    const flags =
      (ofViewport ? OF_VIEWPORT : 0) +
      (rule.once === false ? EACH_TIME : 0) +
      (rule.continuous ? CONTINUOUS : 0);
    const key = {};
    this.#module.run((core) => {
      const list = place ? (place.list.id ?? NONE) : NONE;
      const product = place?.product ?? 0;
      const id = core.watch(threshold, dwellMs, flags, list, product);
      this.#ids.set(key, id);
      this.#seen.set(id, seen);
    });
    this.#sightings.add(element, key, ofViewport ? undefined : threshold);
    return () => {
      this.#sightings.remove(element, key);
      this.#tell((core, atMs) => {
        const id = this.#ids.get(key);
        if (id === undefined) return;
        // What it was seen for until now counts.
        this.#settle(core, atMs);
        this.#ids.delete(key);
        this.#seen.delete(id);
        core.unwatch(id);
      });
    };
  }

  /** A list whose products are folded; `seen` takes the products of one event. */
  openList(seen: (products: number[]) => void): ListHandle {
    const handle: ListHandle = { id: undefined, seen };
    this.#module.run((core) => {
      handle.id = core.openList();
      this.#lists.set(handle.id, handle);
    });
    return handle;
  }

  /** Tells what waits, and forgets the list. */
  closeList(handle: ListHandle): void {
    this.#tell((core, atMs) => {
      this.#settle(core, atMs, true);
      if (handle.id === undefined) return;
      this.#lists.delete(handle.id);
      core.closeList(handle.id);
    });
  }

  /** Records what is complete, with `all` also what lists have waiting. */
  #settle(core: Core, atMs: number, all: boolean = false): void {
    for (let id; (id = core.next(atMs)) !== NONE;) this.#seen.get(id)?.();
    const untilMs = all ? Infinity : atMs;
    for (let id; (id = core.nextList(untilMs)) !== NONE;) {
      const products: number[] = [];
      for (let one; (one = core.takeProduct()) !== NONE;) products.push(one);
      this.#lists.get(id)?.seen(products);
    }
  }

  /** Sets the timer for what is due next; none while nothing is visible and pending. */
  #wait(core: Core): void {
    clearTimeout(this.#timer);
    const dueMs = core.dueMs();
    if (dueMs === Infinity) return;
    const waitMs = Math.max(Math.ceil(dueMs - performance.now()), 0);
    this.#timer = setTimeout(() => this.#tell(() => {}), waitMs);
  }
}

/** What makes a page view another one. */
function address(): string {
  return location.pathname + location.search;
}

/** Stands in where there is no page. */
const NOTHING = {
  watch: () => () => {},
  openList: (seen: (products: number[]) => void): ListHandle => ({
    id: undefined,
    seen,
  }),
  closeList: () => {},
};

let shared: Watcher | undefined;

/** The page's watcher. */
export function watcher(
  analytics: Tracker,
): Pick<Watcher, "watch" | "openList" | "closeList"> {
  if (typeof IntersectionObserver === "undefined") return NOTHING;
  shared ??= new Watcher();
  return shared.follow(analytics);
}
