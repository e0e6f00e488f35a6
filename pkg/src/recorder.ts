import type { Analytics } from "./analytics";
import { copyCall, type HeldCall, type Method } from "./call";
import { type Consent, CONSENT_DENIED, Gate } from "./consent";
import type { Context } from "./context";
import { deliveryOf } from "./delivery";
import { Extensions } from "./extensions";
import { CALL, type Item } from "./journal/item";
import type { Entry, Journal } from "./journal/journal";
import { isSpilled, removeSpill, spill } from "./journal/spill";
import { HELD_CALLS_MAX } from "./limits";
import { loadAnalytics } from "./loader";
import { NO_PAGE } from "./page";
import { randomId } from "./random-id";
import type { AnalyticsBrowserSettings, Delivery, InitOptions } from "./types";

/** Something that waits for the client to be loaded. */
interface Held {
  run: (analytics: Analytics) => void;
  drop: (why: string) => void;
  /** Whether it comes before every call that was held, as the peer has it. */
  first: boolean;
  /** What is journalled of it, and where. */
  call: HeldCall | undefined;
  entry?: Entry;
}

/** How an operation is held. */
interface Holding {
  first?: boolean;
  call?: HeldCall;
}

/** What may be journalled of a held call. */
function itemOf({ call }: Held): Item | undefined {
  if (!call?.seen || call.dropped) return undefined;
  return [CALL, call.nowMs, call.text, call.page];
}

/** Whether the page is made ahead of being shown, if it ever is: nothing may come of it yet. */
function isPrerendering(): boolean | undefined {
  const { document } = globalThis as { document?: { prerendering?: boolean } };
  return document?.prerendering;
}

/** What the promise of a call that is not recorded is rejected with. */
const TOO_MANY = "Not recorded: too many calls before consent or load";
const NO_KEY = "waymark: load() needs a writeKey; nothing is recorded";

/**
 * Holds calls in memory until the client is there and the visitor agrees, in call order and
 * each with the time and the page of its moment; then takes them straight to the client.
 */
export class Recorder {
  #analytics: Analytics | undefined;
  #held: Held[] = [];
  #heldDropped = 0;
  #gate: Gate | undefined;
  readonly #extensions = new Extensions();
  #journal: Journal | undefined;
  /** The segment of what is spilled before the journal is there. */
  readonly #segment: string = randomId();
  /** Whether the page was left with calls held, and they are spilled. */
  #spilled = false;
  #loaded!: (analytics: Analytics) => void;
  #failed!: (error: unknown) => void;

  /** Resolves when the client is there. */
  readonly ready: Promise<Analytics> = new Promise((resolve, reject) => {
    this.#loaded = resolve;
    this.#failed = reject;
  });

  /** Starts loading the client; a second call changes nothing. */
  load(settings: AnalyticsBrowserSettings, given?: InitOptions | null): void {
    if (this.#gate) return;
    const options = given ?? {};
    if (!settings?.writeKey) return this.#refuse();
    if (options.initialPageview) void this.call("page", []);
    const consent = (options.consent ?? "granted") as Consent;
    this.#extensions.options = options;
    const open = () => {
      this.#held.forEach((held) => this.#admit(held));
      void this.#start(settings, options);
    };
    this.#gate = new Gate(
      consent,
      () => {
        if (!isPrerendering()) open();
      },
      () => {
        this.#dropHeld(CONSENT_DENIED);
        this.#extensions.forget("denied");
      },
    );
    globalThis.document?.addEventListener("prerenderingchange", () => {
      // What a page does before it is shown happens when it is.
      for (const { call } of this.#held) if (call) call.nowMs = Date.now();
      if (this.#gate?.state === "granted") open();
    });
  }

  #refuse(): void {
    console.warn(NO_KEY);
    this.ready.catch(() => {});
    this.#failed(new TypeError(NO_KEY));
    this.#dropHeld(NO_KEY);
  }

  /** The consent gate; there once `load` was called. */
  get gate(): Gate | undefined {
    return this.#gate;
  }

  async #start(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    // A page or a worker has an address, a server has none.
    if (this.#analytics || typeof location === "undefined") return;
    if (!options.disableClientPersistence && !options.disable) {
      addEventListener("pagehide", () => this.#leave(settings.writeKey));
      addEventListener("pageshow", () => this.#returned());
    }
    const loaded = await loadAnalytics(settings, options, (open) =>
      this.#keep(open),
    );
    // The answer may have changed, or another attempt been faster, since.
    if (this.#analytics || this.#gate?.state !== "granted") return;
    const { analytics, begin } = loaded;
    analytics.gate = this.#gate;
    analytics.extensions = this.#extensions;
    this.#extensions.analytics = analytics;
    const first = this.#held.filter((held) => held.first);
    this.#held = this.#held.filter((held) => !held.first);
    for (const held of first) this.#run(held, analytics);
    await begin();
    this.#analytics = analytics;
    for (const held of this.#held.splice(0)) this.#run(held, analytics);
    await analytics.settled();
    this.#loaded(analytics);
  }

  #run({ run, entry }: Held, analytics: Analytics): void {
    run(analytics);
    if (entry) this.#journal?.done(entry);
  }

  /** From now on what is held is in the journal, too. */
  #keep(open: () => Journal): Journal {
    if (!this.#journal) {
      this.#journal = open();
      this.#held.forEach((held) => this.#journalise(held));
    }
    return this.#journal;
  }

  /** A held call may be kept from now on. */
  #admit(held: Held): void {
    if (held.call) this.#extensions.see(held.call);
    this.#journalise(held);
  }

  #journalise(held: Held): void {
    const item = itemOf(held);
    if (item) held.entry ??= this.#journal?.add(item);
  }

  /** The page goes before the client is there: the next page makes the calls. */
  #leave(writeKey: string): void {
    if (this.#analytics || this.#gate?.state !== "granted") return;
    if (this.#journal) return this.#journal.leave();
    const items = this.#held.map(itemOf).filter(Boolean) as Item[];
    if (items.length === 0) return;
    spill(this.#segment, writeKey, [[0, items]]);
    this.#spilled = true;
  }

  /** The page lives on: it makes the calls itself, unless another page has. */
  #returned(): void {
    // Every page is shown once without having been left.
    if (!this.#spilled || this.#analytics || this.#journal) return;
    this.#spilled = false;
    const held = this.#held.some(itemOf);
    if (held && !isSpilled(this.#segment)) {
      this.#held = this.#held.filter((held) => !itemOf(held));
    }
    removeSpill(this.#segment);
  }

  /** Records a call; the promise settles when that is done, and never reports unhandled. */
  call(method: Method, args: readonly unknown[]): Promise<Context> {
    const call = copyCall(method, args);
    return this.run((analytics) => analytics.record(call), { call });
  }

  /** Forgets the visitor, in its place among the calls. */
  reset(): Promise<void> {
    const call = { method: "reset", text: "reset", nowMs: Date.now() };
    return this.run((analytics) => analytics.reset(), {
      call: { ...call, page: NO_PAGE, seen: true },
    });
  }

  /** Runs an operation in its place among the calls, or before them. */
  run<T>(
    operation: (analytics: Analytics) => T | Promise<T>,
    { first = false, call }: Holding = {},
  ): Promise<T> {
    const analytics = this.#analytics;
    const result = new Promise<T>((resolve, reject) => {
      const run = (analytics: Analytics) => {
        try {
          resolve(operation(analytics));
        } catch (error) {
          reject(error);
        }
      };
      const drop = (why: string) => reject(new Error(why));
      if (analytics && this.#gate?.state === "granted") run(analytics);
      else this.#hold({ run, drop, first, call });
    });
    result.catch(() => {});
    return result;
  }

  #hold(held: Held): void {
    if (this.#gate?.state === "denied") {
      this.#heldDropped++;
      held.drop(CONSENT_DENIED);
      return;
    }
    this.#held.push(held);
    if (this.#gate?.state === "granted" && !isPrerendering()) {
      this.#admit(held);
    }
    if (this.#held.length > HELD_CALLS_MAX) this.#dropOldest(TOO_MANY);
  }

  #dropOldest(why: string): void {
    this.#heldDropped++;
    const oldest = this.#held.shift();
    oldest?.drop(why);
    if (oldest?.entry) this.#journal?.done(oldest.entry);
  }

  #dropHeld(why: string): void {
    while (this.#held.length > 0) this.#dropOldest(why);
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const delivery = this.#analytics?.delivery() ?? deliveryOf([], 0);
    delivery.pending += this.#held.length;
    delivery.refused.held += this.#heldDropped;
    delivery.refused.extensions = { ...this.#extensions.dropped };
    return delivery;
  }
}
