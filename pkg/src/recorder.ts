import type { Analytics } from "./analytics";
import { copyCall, type Method } from "./call";
import { CONSENT_DENIED, DROP, ERASE, Gate, START } from "./consent/gate";
import type { Context } from "./context";
import { deliveryOf } from "./delivery";
import { Extensions } from "./extensions";
import { type Held, type Holding, itemOf } from "./held";
import type { Item } from "./journal/item";
import type { Journal } from "./journal/journal";
import { isSpilled, removeSpill, spill } from "./journal/spill";
import { HELD_CALLS_MAX } from "./limits";
import { loadAnalytics } from "./loader";
import { isPrerendering, NO_PAGE } from "./page";
import { randomId } from "./random-id";
import type { AnalyticsBrowserSettings, Delivery, InitOptions } from "./types";

/** What the promise of a call that is not recorded is rejected with. */
const TOO_MANY = "Not recorded: too many calls before consent or load";
const NO_KEY = "waymark: load() needs a writeKey; nothing is recorded";

/**
 * Holds calls in memory until the client is there and the visitor agrees, in call order and
 * each with the time and the page of its moment; then takes them straight to the client.
 */
export class Recorder {
  /** The client that takes calls. */
  #analytics: Analytics | undefined;
  /** The client, from when it is made, whether or not consent was taken back since. */
  #client: Analytics | undefined;
  #held: Held[] = [];
  #heldDropped = 0;
  #gate: Gate | undefined;
  readonly #extensions = new Extensions();
  #journal: Journal | undefined;
  #isStarting = false;
  #listens = false;
  /** What erases at the moment. */
  #erasing: Promise<void> | undefined;
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
    this.#extensions.begin(options);
    const open = () => {
      if (isPrerendering()) return;
      this.#held.forEach((held) => this.#admit(held));
      void this.#start(settings, options);
    };
    const gate = new Gate(options.consent, (done) => {
      if (done & DROP) this.#withdraw();
      if (done & ERASE) this.#erase(options);
      if (done & START) open();
    });
    this.#gate = gate;
    gate.onChange(() => this.#held.forEach((held) => this.#admit(held)));
    gate.begin();
    globalThis.document?.addEventListener("prerenderingchange", () => {
      // What a page does before it is shown happens when it is.
      for (const { call } of this.#held) if (call) call.nowMs = Date.now();
      if (this.#isGranted()) open();
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

  #isGranted(): boolean {
    return this.#gate?.state === "granted";
  }

  #withdraw(): void {
    this.#analytics = undefined;
    this.#client?.withdraw();
    this.#journal?.close();
    this.#dropHeld(CONSENT_DENIED);
    this.#extensions.forget("denied");
  }

  #erase(options: InitOptions): void {
    const erasing = Promise.all([import("./consent/erase"), this.#erasing])
      .then(([{ erase }]) => erase(options))
      .catch((error) => console.warn("waymark: nothing was erased", error))
      .then(() => {
        if (this.#erasing === erasing) this.#erasing = undefined;
      });
    this.#erasing = erasing;
  }

  async #start(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    // A page or a worker has an address, a server has none.
    if (this.#isStarting || typeof location === "undefined") return;
    this.#isStarting = true;
    if (
      !this.#listens &&
      !options.disableClientPersistence &&
      !options.disable
    ) {
      this.#listens = true;
      addEventListener("pagehide", () => this.#leave(settings.writeKey));
      addEventListener("pageshow", () => this.#returned());
    }
    // Who says no, and yes again, meets an attempt that is under way.
    while (!this.#analytics) {
      if (this.#erasing) await this.#erasing;
      if (!this.#isGranted()) break;
      await this.#attempt(settings, options);
    }
    this.#isStarting = false;
  }

  async #attempt(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    this.#journal?.open();
    if (this.#client) this.#client.resume();
    else {
      const loaded = await loadAnalytics(settings, options, {
        erased: () => this.#erasing,
        isGranted: () => this.#isGranted(),
        keep: (open) => this.#keep(open),
      });
      if (!loaded || !this.#isGranted()) return;
      this.#client = loaded.analytics;
      this.#client.gate = this.#gate;
      this.#client.extensions = this.#extensions;
      this.#extensions.analytics = this.#client;
      const first = this.#held.filter((held) => held.first);
      this.#held = this.#held.filter((held) => !held.first);
      for (const held of first) this.#run(held, this.#client);
      await loaded.begin();
      if (!this.#isGranted()) return;
    }
    const analytics = (this.#analytics = this.#client);
    for (const held of this.#held.splice(0)) this.#run(held, analytics);
    await analytics.settled();
    this.#loaded(analytics);
  }

  #run({ run, entry }: Held, analytics: Analytics): void {
    run(analytics);
    // What it becomes is journalled at the end of this task, which is before that.
    if (entry) queueMicrotask(() => this.#journal?.done(entry));
  }

  /** From now on what is held is in the journal, too. */
  #keep(open: () => Journal): Journal {
    if (!this.#journal) {
      this.#journal = open();
      this.#held.forEach((held) => this.#journalise(held));
    }
    return this.#journal;
  }

  /** What may be kept from now on is seen, and says what was answered by then. */
  #admit(held: Held): void {
    const { call } = held;
    if (!call || !this.#gate?.allows(call.text) || isPrerendering()) return;
    this.#gate.stamp(call);
    this.#extensions.see(call);
    this.#journalise(held);
  }

  #journalise(held: Held): void {
    const item = itemOf(held);
    if (item && this.#gate?.allows(item[2])) {
      held.entry ??= this.#journal?.add(item);
    }
  }

  /** The page goes before the client is there: the next page makes the calls. */
  #leave(writeKey: string): void {
    if (this.#analytics || !this.#isGranted()) return;
    if (this.#journal) return this.#journal.leave();
    const items = this.#held
      .filter(({ call }) => this.#gate?.allows(call?.text ?? ""))
      .map(itemOf)
      .filter(Boolean) as Item[];
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
    { first = false, stays = false, call }: Holding = {},
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
      if (analytics) run(analytics);
      else this.#hold({ run, drop, first, stays, call });
    });
    result.catch(() => {});
    return result;
  }

  #hold(held: Held): void {
    const { call, stays } = held;
    const allowed = this.#gate?.allows(call?.text ?? "");
    if (this.#gate && allowed === undefined && !stays) {
      return this.#drop(held, CONSENT_DENIED);
    }
    this.#held.push(held);
    this.#admit(held);
    if (this.#held.length > HELD_CALLS_MAX) {
      this.#drop(this.#held.shift()!, TOO_MANY);
    }
  }

  #drop({ drop, entry }: Held, why: string): void {
    if (why === CONSENT_DENIED && this.#gate) this.#gate.dropped++;
    else this.#heldDropped++;
    drop(why);
    if (entry) this.#journal?.done(entry);
  }

  #dropHeld(why: string): void {
    const held = this.#held;
    this.#held = held.filter(({ stays }) => stays);
    held.filter(({ stays }) => !stays).forEach((one) => this.#drop(one, why));
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const delivery = this.#client?.delivery() ?? deliveryOf([], 0);
    delivery.pending += this.#held.length + (this.#gate?.waiting ?? 0);
    delivery.refused.held += this.#heldDropped;
    delivery.refused.extensions = { ...this.#extensions.dropped };
    delivery.refused.consent += this.#gate?.dropped ?? 0;
    return delivery;
  }
}
