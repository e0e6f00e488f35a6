/** The page's side of impressions: the one IntersectionObserver, the clock, and the core. */
import type { Core } from "./core";
import { Lifecycle } from "./lifecycle";
import { Module } from "./module";
import { Sightings } from "./sightings";

/** The client that records impressions: Waymark's, or any object with such a `track`. */
export interface Tracker {
  track(event: string, properties?: any, options?: any): unknown;
  on?(event: string, listener: () => void): unknown;
}

/** When an element counts as seen. */
export interface Rule {
  /** The share that must be visible, 0 to 1. 0.5 by default. */
  threshold?: number | undefined;
  /** Milliseconds it must be visible in total. 1000 by default. */
  dwellMs?: number | undefined;
  /** Whether it counts once per page view (the default), or each time it comes into view. */
  once?: boolean | undefined;
  /** Whether the time restarts when it goes out of view. By default it adds up. */
  continuous?: boolean | undefined;
  /** Share of the element (the default), or of the viewport, for large elements. */
  of?: "element" | "viewport" | undefined;
}

/** An element's list, and the number of its product in it. */
export interface Place {
  readonly list: ListHandle;
  readonly product: number;
}

/** A list whose products the core gathers into events. */
export interface ListHandle {
  /** The core's number for the list, once the core is there. */
  id: number | undefined;
  /** Takes the product numbers of one event. */
  readonly seen: (products: number[]) => void;
}

/** Stands for a missing number in calls to the core. */
const NONE = 0xffffffff;
const OF_VIEWPORT = 1;
const EACH_TIME = 2;
const CONTINUOUS = 4;
const THRESHOLD_DEFAULT = 0.5;

/** Records an event with the arguments that `make` returns. Errors are logged, never thrown. */
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
  /** The core's number for each watch. */
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

  /** Runs `task` with the present time once the core is there, then records what is due. */
  #tell(task: (core: Core, atMs: number) => void): void {
    const atMs = performance.now();
    this.#module.run((core) => {
      task(core, atMs);
      this.#settle(core, atMs);
      if (this.#module.isOpen) this.#wait(core);
    });
  }

  /** Checks for a new page view whenever the client records a page. */
  follow(analytics: Tracker): this {
    if (!this.#clients.has(analytics)) {
      this.#clients.add(analytics);
      analytics.on?.("page", () => this.lookAtPage());
    }
    return this;
  }

  /** Begins a new page view if the page's path or search has changed. */
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

  /** Watches an element. `seen` is called for each impression outside of a list. */
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
        // The time it was visible until now counts.
        this.#settle(core, atMs);
        this.#ids.delete(key);
        this.#seen.delete(id);
        core.unwatch(id);
      });
    };
  }

  /** Opens a list. `seen` takes the product numbers of one event. */
  openList(seen: (products: number[]) => void): ListHandle {
    const handle: ListHandle = { id: undefined, seen };
    this.#module.run((core) => {
      handle.id = core.openList();
      this.#lists.set(handle.id, handle);
    });
    return handle;
  }

  /** Records the products that wait, and forgets the list. */
  closeList(handle: ListHandle): void {
    this.#tell((core, atMs) => {
      this.#settle(core, atMs, true);
      if (handle.id === undefined) return;
      this.#lists.delete(handle.id);
      core.closeList(handle.id);
    });
  }

  /** Records the impressions that are due; with `all`, also the products that wait in lists. */
  #settle(core: Core, atMs: number, all: boolean = false): void {
    for (let id; (id = core.next(atMs)) !== NONE;) this.#seen.get(id)?.();
    const untilMs = all ? Infinity : atMs;
    for (let id; (id = core.nextList(untilMs)) !== NONE;) {
      const products: number[] = [];
      for (let one; (one = core.takeProduct()) !== NONE;) products.push(one);
      this.#lists.get(id)?.seen(products);
    }
  }

  /** Sets the timer for the next due impression, if one is pending. */
  #wait(core: Core): void {
    clearTimeout(this.#timer);
    const dueMs = core.dueMs();
    if (dueMs === Infinity) return;
    const waitMs = Math.max(Math.ceil(dueMs - performance.now()), 0);
    this.#timer = setTimeout(() => this.#tell(() => {}), waitMs);
  }
}

/** The part of the address that tells page views apart. */
function address(): string {
  return location.pathname + location.search;
}

/** The watcher without a page or without IntersectionObserver. */
const NOTHING = {
  watch: () => () => {},
  openList: (seen: (products: number[]) => void): ListHandle => ({
    id: undefined,
    seen,
  }),
  closeList: () => {},
};

let shared: Watcher | undefined;

/** The page's one watcher, which then also follows this client's page calls. */
export function watcher(
  analytics: Tracker,
): Pick<Watcher, "watch" | "openList" | "closeList"> {
  if (typeof IntersectionObserver === "undefined") return NOTHING;
  shared ??= new Watcher();
  return shared.follow(analytics);
}
