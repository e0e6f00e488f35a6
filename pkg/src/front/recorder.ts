import { HELD_CALLS_MAX } from "../base/limits";
import { inMicrotask, listen, warn } from "../base/platform";
import { copyCall, type Method } from "../call/call";
import { Extensions } from "../call/extensions";
import type { Analytics } from "../client/analytics";
import { CONSENT_DENIED, DROP, ERASE, Gate, START } from "../consent/gate";
import { deliveryOf } from "../core/delivery";
import type { Journal } from "../journal/journal";
import type { Context } from "../model/context";
import type { Delivery } from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import { isPrerendering, NO_PAGE, whenShown } from "../page/page";
import { Erasure } from "./erasure";
import { EarlySpill } from "./early-spill";
import { type ExpressLane, expressLane } from "./express-lane";
import { type Held, type Holding, itemOf, itemsOf, noteStored } from "./held";
import { inDevelopment } from "./in-development";
import { fetchClient } from "./loader";

/** The rejection of the oldest held call when too many are held. */
const TOO_MANY = "Not recorded: too many calls before consent or load";
const NO_KEY = "load() needs a writeKey; nothing is recorded";

/**
 * Passes calls to the client. Until it is loaded and consent is granted, holds them in memory, in
 * order, each with the time and page of its moment.
 */
export class Recorder {
  /** The client, once it is created. */
  #client: Analytics | undefined;
  /** Whether the client takes calls: it is loaded, and consent is granted. */
  #takes = false;
  #held: Held[] = [];
  #heldDropped = 0;
  #gate: Gate | undefined;
  readonly #extensions = new Extensions();
  #journal: Journal | undefined;
  readonly #spill = new EarlySpill(() => {
    const isDue = !this.#takes && !this.#journal && this.#isGranted();
    return isDue ? itemsOf(this.#kept()) : undefined;
  });
  #lane: ExpressLane | undefined;
  #isStarting = false;
  readonly #erasure = new Erasure();
  #loaded!: (client: Analytics) => void;
  #failed!: (error: unknown) => void;

  /** Resolves with the client once it is loaded. */
  readonly ready: Promise<Analytics> = new Promise((resolve, reject) => {
    this.#loaded = resolve;
    this.#failed = reject;
  });

  /** Records a call. A rejection that the caller ignores is not reported as unhandled. */
  call(method: Method, args: readonly unknown[]): Promise<Context> {
    const call = copyCall(method, args);
    return this.run((client) => client.courier.record(call), { call });
  }

  /** Forgets the visitor, in order with the calls. */
  reset(): Promise<void> {
    const call = { method: "reset", text: "reset", nowMs: +new Date() };
    return this.run((client) => client.reset(), {
      call: { ...call, page: NO_PAGE, seen: true },
    });
  }

  /** Runs an operation in order with the calls, or, if it is `first`, before all held ones. */
  run<T>(
    operation: (client: Analytics) => T | Promise<T>,
    { first = false, stays = false, steers = false, call }: Holding = {},
  ): Promise<T> {
    const result = new Promise<T>((resolve, reject) => {
      const run = (client: Analytics) => {
        try {
          resolve(operation(client));
        } catch (error) {
          reject(error);
        }
      };
      const drop = (why: string) => reject(new Error(why));
      if (this.#takes) run(this.#client!);
      else this.#hold({ run, drop, first, stays, steers, call });
    });
    result.catch(() => {});
    return result;
  }

  #hold(held: Held): void {
    const { call, stays } = held;
    if (!this.#gate) inDevelopment(this);
    const allowed = this.#gate?.allows(call?.text ?? "");
    if (this.#gate && allowed === undefined && !stays) {
      return this.#drop(held, CONSENT_DENIED);
    }
    this.#held.push(held);
    this.#admit(held);
    if (this.#held.length > HELD_CALLS_MAX)
      this.#drop(this.#held.shift()!, TOO_MANY);
  }

  #admitHeld(): void {
    this.#held.forEach((held) => this.#admit(held));
    this.#spill.soon();
  }

  /** Stamps a call with the consent, shows it to the extensions and journals it, if allowed. */
  #admit(held: Held): void {
    const { call } = held;
    if (!call || !this.#gate?.allows(call.text) || isPrerendering()) return;
    this.#gate.stamp(call);
    this.#extensions.see(call);
    this.#journalise(held);
    this.#lane?.queue();
    this.#spill.soon();
  }

  #journalise(held: Held): void {
    const item = itemOf(held);
    if (item && this.#gate?.allows(item[2])) {
      held.entry ??= this.#journal?.add(item);
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

  /** Starts loading the client; a second call has no effect. */
  load(settings: AnalyticsBrowserSettings, given?: InitOptions | null): void {
    if (this.#gate) return;
    const options = given ?? {};
    inDevelopment(this, { settings, options, loaded: this.ready });
    if (!settings?.writeKey?.trim?.()) return this.#refuse();
    if (options.initialPageview) void this.call("page", []);
    this.#extensions.begin(options);
    const asker = this.#extensions;
    this.#lane = expressLane(settings, asker, this.#kept, this.#stored);
    const open = () => {
      if (isPrerendering()) return;
      this.#admitHeld();
      void this.#start(settings, options);
    };
    const gate = new Gate(options.consent, (done) => {
      if (done & DROP) this.#withdraw();
      if (done & ERASE) this.#erasure.begin(options);
      if (done & START) open();
    });
    this.#gate = gate;
    gate.onChange(() => this.#admitHeld());
    gate.begin();
    whenShown(() => {
      // Calls of a prerendered page count from the moment it is shown.
      for (const { call } of this.#held) if (call) call.nowMs = +new Date();
      if (this.#isGranted()) open();
    });
  }

  #refuse(): void {
    warn(NO_KEY);
    this.ready.catch(() => {});
    this.#failed(new TypeError(NO_KEY));
    this.#dropHeld(NO_KEY);
  }

  /** The consent gate; undefined before `load`. */
  get gate(): Gate | undefined {
    return this.#gate;
  }

  #isGranted(): boolean {
    return this.#gate?.state === "granted";
  }

  #withdraw(): void {
    this.#takes = false;
    this.#lane?.close();
    this.#lane = undefined;
    this.#client?.courier.withdraw();
    this.#journal?.close();
    this.#spill.remove();
    this.#dropHeld(CONSENT_DENIED);
    this.#extensions.forget("denied");
  }

  async #start(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    // Only a page or a worker has a location; a server has not.
    if (this.#isStarting || typeof location === "undefined") return;
    this.#isStarting = true;
    const persists = !options.disableClientPersistence && !options.disable;
    if (persists && !this.#spill.writeKey) {
      this.#spill.writeKey = settings.writeKey;
      listen("pagehide", () => this.#leave());
      listen("pageshow", () => this.#returned());
    }
    // Consent may be withdrawn and granted again during an attempt: then another one follows.
    while (!this.#takes) {
      if (this.#erasure.running) await this.#erasure.running;
      if (!this.#isGranted()) break;
      await this.#attempt(settings, options);
    }
    this.#isStarting = false;
  }

  async #attempt(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    const lane = this.#lane;
    this.#journal?.open();
    if (this.#client) this.#client.courier.resume();
    else {
      const started = await fetchClient(settings, options, {
        erased: () => this.#erasure.running,
        isGranted: () => this.#isGranted(),
        keep: (open) => this.#keep(open),
      });
      if (!started || !this.#isGranted()) return;
      this.#client = this.#extensions.analytics = started.analytics;
      this.#client.gate = this.#gate;
      this.#client.extensions = this.#extensions;
      const first = this.#held.filter((held) => held.first);
      // What they add must see each later call.
      if (first.some(({ steers }) => steers)) this.#lane?.close("plugins");
      this.#held = this.#held.filter((held) => !held.first);
      for (const held of first) this.#runHeld(held, this.#client);
      await started.begin();
    }
    const answers = lane?.settled();
    if (answers) await answers;
    // Consent may have been withdrawn meanwhile, and granted again.
    if (lane !== this.#lane || !this.#isGranted()) return;
    this.#takes = true;
    for (const held of this.#held.splice(0)) this.#runHeld(held, this.#client);
    await this.#client.courier.registrar.settled;
    this.#loaded(this.#client);
  }

  #runHeld({ run, entry }: Held, client: Analytics): void {
    run(client);
    // Its event is journalled in an earlier microtask, so one of the two is always stored.
    if (entry) void inMicrotask(() => this.#journal?.done(entry));
  }

  /** Opens the journal once, and journals the calls that are held. */
  #keep(open: (early: string) => Journal): Journal {
    if (!this.#journal) {
      this.#journal = open(this.#spill.segment);
      this.#held.forEach((held) => this.#journalise(held));
    }
    return this.#journal;
  }

  /** The held calls that may be kept and sent. */
  readonly #kept = (): Held[] =>
    this.#held.filter(({ call }) => this.#gate?.allows(call?.text ?? ""));

  readonly #stored = (held: Held): void => {
    // The client may have taken it meanwhile.
    const entry = this.#held.indexOf(held) < 0 ? undefined : noteStored(held);
    if (entry) this.#journal?.done(entry);
    this.#spill.soon();
  };

  #leave(): void {
    if (this.#takes || !this.#isGranted()) return;
    this.#lane?.leave();
    this.#journal?.leave(itemsOf(this.#kept()).length > 0);
    this.#spill.leave();
  }

  /** The page is shown: drops the held calls that another page has taken over meanwhile. */
  #returned(): void {
    let taken = this.#takes || this.#journal ? 0 : this.#spill.returned();
    this.#held = this.#held.filter((held) => !itemOf(held) || taken-- < 1);
    this.#spill.soon();
  }

  /** The delivery report: counts of this page's events so far. */
  delivery(): Delivery {
    const delivery = this.#client?.delivery() ?? deliveryOf([], 0);
    delivery.pending += this.#held.length + (this.#gate?.waiting ?? 0);
    delivery.refused.held += this.#heldDropped;
    delivery.refused.extensions = { ...this.#extensions.dropped };
    delivery.refused.consent += this.#gate?.dropped ?? 0;
    return delivery;
  }
}
