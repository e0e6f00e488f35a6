import type { Analytics } from "./analytics";
import type { Call } from "./call";
import { Context } from "./context";
import type { Core } from "./core";
import type { Engine } from "./engine";
import { CALL, EVENT, type Item, UNPROCESSED } from "./journal/item";
import type { Entry, IsTaken, Restored } from "./journal/entry";
import type { Journal } from "./journal/journal";
import { NO_PAGE, type PageFacts } from "./page";
import { fail, tellPaused } from "./failures";
import { Registrar } from "./registrar";
import { snapshot } from "./snapshot";
import { asError } from "./as-error";
import type { Followed } from "./followed";
import { deliveryOf, logSettled } from "./delivery";
import type { Delivery, Plugin } from "./types";
import { Withdrawals } from "./withdrawals";

/** Number of clients in this page: they share the visitor. */
let clients = 0;

/**
 * Takes each call to the core: straight, as text, or through the plugins, as an object, where
 * there are any.
 */
export class Courier {
  readonly #analytics: Analytics;
  readonly #core: Core;
  readonly #engine: Engine;
  readonly #builtIn: Plugin[];
  /** Whether a call's promise waits for its request, as the peer's does. */
  readonly #awaitsRequest: boolean;
  /** The page as the core has it. */
  #page: string | undefined;
  /** Number of events on their way through the plugins. */
  #underWay = 0;
  /** Events in the core, by their numbers there. */
  readonly #followed: Map<number, Followed> = new Map();
  readonly #journal: Journal | undefined;
  /** Number of calls that only the journal has. */
  #journalled = 0;
  /** Number of calls that became no event because the core failed over them. */
  #failed = 0;
  readonly #withdrawals = new Withdrawals();

  /** Whether to log what happens to each batch. */
  debug = false;

  /** Adds and takes away plugins. */
  readonly registrar: Registrar;

  constructor(analytics: Analytics, core: Core, journal?: Journal) {
    clients++;
    this.#journal = journal;
    this.registrar = new Registrar(analytics);
    this.#analytics = analytics;
    this.#core = core;
    this.#engine = core.engine;
    this.#builtIn = analytics.queue.plugins;
    const segment = analytics.integrations["Segment.io"];
    this.#awaitsRequest =
      typeof segment === "object" &&
      segment.deliveryStrategy?.strategy === "standard";
    journal?.onTaken((isTaken) => this.#forget(isTaken));
    core.onTrap = () => this.#revive();
    this.#listen();
  }

  #listen(): void {
    const listener = (seqs: Uint32Array, fate: string, status: number) => {
      if (this.debug) logSettled(seqs.length, fate, status);
      if (fate === "paused") tellPaused(this.#analytics, status);
      seqs.forEach((seq) => this.#settle(seq, fate, status));
    };
    this.#engine.onSettled(listener);
  }

  /** The core failed: a fresh one gets the page, and what the journal has of the page's events. */
  #revive(): void {
    const followed = [...this.#followed.values()];
    for (const { tried } of followed) tried?.();
    if (!this.#core.alive) return;
    this.#followed.clear();
    this.#listen();
    if (this.#page) this.#engine.setPage(this.#page);
    const live = new Map<Entry, number>();
    for (const { entry, kept } of followed) {
      if (entry) live.set(entry, (live.get(entry) ?? 0) + 1);
      if (kept) this.restore([{ item: kept, entry: undefined }]);
    }
    void this.#journal?.recall(live).then((left) => this.restore(left));
  }

  /** Records a call; rejects where it is no event. */
  async record(call: Call): Promise<Context> {
    if (!this.#core.alive) return this.#journalOnly(call);
    this.#turnTo(call.page);
    // Another client of this page may have changed what is stored, which only tells other tabs.
    const { navigator } = globalThis;
    if (clients > 1 && navigator?.cookieEnabled) this.#engine.reloadIdentity();
    return this.isPlain() ? this.#straight(call) : this.#throughPlugins(call);
  }

  /** A later page makes the call: here is no core any more. */
  #journalOnly({ text, nowMs, page }: Call): never {
    this.#journalled++;
    this.#journal?.add([CALL, nowMs, text, page]);
    throw new Error("The core failed: only the journal has this call");
  }

  /** Where the core failed for good over a call, that is given up if it is to blame. */
  #checkAlive(call: Call): void {
    if (this.#core.alive) return;
    if (!this.#core.poisoned) this.#journalOnly(call);
    this.#failed++;
    throw new Error("Not recorded: the core failed");
  }

  /** Forgets the visitor where there is no core any more: a later page does it. */
  reset(): void {
    if (this.#core.alive || this.#analytics.gate?.state === "denied") return;
    this.#journal?.add([CALL, Date.now(), "reset", NO_PAGE]);
  }

  /** Whether nothing stands between a call and the core. */
  isPlain(): boolean {
    const { plugins } = this.#analytics.queue;
    return (
      plugins === this.#builtIn &&
      plugins.length === 2 &&
      this.registrar.waiting + this.#underWay === 0
    );
  }

  /** Later calls are made on `facts`, with what was answered by then. */
  #turnTo(facts: PageFacts): void {
    // A title may hold what stands between the texts.
    const texts = facts.map((fact) => fact.replaceAll("\0", "\ufffd"));
    const page = texts.join("\0");
    if (page !== this.#page) this.#engine.setPage((this.#page = page));
  }

  async #straight(call: Call): Promise<Context> {
    const { text, nowMs } = call;
    const { traps } = this.#core;
    const last = this.#engine.lastSeq();
    const event = asError(() => this.#engine.call(text, nowMs));
    this.#checkAlive(call);
    const before = traps === this.#core.traps ? last : 0;
    const context = Context.of(event, nowMs);
    this.#analytics.emit("dispatch_start", context);
    if (this.#engine.lastSeq() !== before) {
      await this.#follow(context, [EVENT, nowMs, event]);
    }
    return context;
  }

  #throughPlugins(call: Call): Promise<Context> {
    const { text, nowMs } = call;
    const event = asError(() => this.#engine.build(text, nowMs));
    this.#checkAlive(call);
    const entry = this.#journal?.add([UNPROCESSED, nowMs, event]);
    return this.#process(event, nowMs, entry);
  }

  async #process(
    event: string,
    nowMs: number,
    unprocessed: Entry | undefined,
  ): Promise<Context> {
    const userId = (this.#engine.profileId(false) ?? null) as string | null;
    const context = Context.of(event, nowMs);
    this.#underWay++;
    const { times } = this.#withdrawals;
    try {
      this.#analytics.emit("dispatch_start", context);
      await this.registrar.settled;
      const { deliver, wireOf } = await this.registrar.pipeline();
      this.#withdrawals.check(times);
      return await deliver(this.#analytics.queue, context, (final) => {
        this.#withdrawals.check(times);
        const wire = wireOf(this.#analytics, final.event, userId);
        return this.#enqueue(final, snapshot(wire), nowMs);
      });
    } finally {
      this.#underWay--;
      // In the task in which the event went to the core, or when it is clear that it will not.
      if (unprocessed) this.#journal?.done(unprocessed);
    }
  }

  #enqueue(context: Context, wire: string, nowMs: number): Promise<void> {
    asError(() => this.#engine.enqueue(wire, nowMs));
    if (!this.#core.alive) {
      // A later page has it, as it passed the plugins.
      this.#journal?.add([EVENT, nowMs, wire]);
      return Promise.resolve();
    }
    return this.#follow(context, [EVENT, nowMs, wire]);
  }

  /** Journals the event that was queued last, and remembers what belongs to it. */
  async #follow(context: Context, item: Item): Promise<void> {
    const entry = this.#journal?.add(item);
    const heard = this.#analytics.hears("error");
    const followed: Followed = {
      context: heard ? context : new WeakRef(context),
      entry,
      kept: entry ? undefined : item,
    };
    this.#followed.set(this.#engine.lastSeq(), followed);
    if (!this.#awaitsRequest) return;
    await new Promise<void>((tried) => (followed.tried = tried));
  }

  #settle(seq: number, fate: string, status: number): void {
    const followed = this.#followed.get(seq);
    if (!followed) return;
    const { context: held, entry, tried } = followed;
    const context = held instanceof WeakRef ? held.deref() : held;
    if (context) context.attempts++;
    if (fate === "retried") {
      // A call that waits for its request is told what the server said of it, as by the peer;
      // the event itself is kept until another is taken.
      const refused = this.#awaitsRequest && [400, 413, 422].includes(status);
      if (context && refused) fail(this.#analytics, context, "refused", status);
    } else {
      this.#followed.delete(seq);
      if (entry) this.#journal?.done(entry);
      const isKept = fate === "acknowledged" || fate === "adopted";
      if (context && !isKept) fail(this.#analytics, context, fate, status);
    }
    tried?.();
  }

  /** Takes over what earlier pages left, in the order in which it was recorded. */
  restore(left: readonly Restored[]): void {
    if (this.#analytics.gate?.state === "denied") return;
    for (const { item, entry } of left) {
      const [kind, atMs, text, page] = item;
      if (kind === EVENT) {
        const seq = this.#engine.restore(text, atMs);
        this.#followed.set(seq, { entry, kept: entry ? undefined : item });
      } else if (kind === UNPROCESSED) {
        void this.#process(text, atMs, entry);
      } else if (kind === CALL && page) {
        void this.#analytics.replay(text, atMs, page);
        if (entry) this.#journal?.done(entry);
      }
    }
  }

  /** What another page has taken over while this one was away is that one's. */
  #forget(isTaken: IsTaken): void {
    const taken = [...this.#followed].filter(
      ([, { entry }]) => entry && isTaken(entry),
    );
    this.#engine.forget(Uint32Array.from(taken, ([seq]) => seq));
  }

  /** Consent was taken back: nothing of the visitor stays, here or in the stores. */
  withdraw(): void {
    this.#withdrawals.add(this.#counts());
    for (const { context: held, tried } of this.#followed.values()) {
      const context = held instanceof WeakRef ? held.deref() : held;
      if (context) fail(this.#analytics, context, "denied", 0);
      tried?.();
    }
    this.#followed.clear();
    this.#engine.resetProfile(false);
    this.#engine.resetProfile(true);
    this.#core.close();
    this.#page = undefined;
  }

  /** Consent is there again: a fresh core, which knows nobody. */
  resume(): void {
    this.#core.open();
    this.#listen();
  }

  #counts(): ArrayLike<number> {
    const waiting = this.#followed.size;
    return this.#core.alive ? this.#engine.delivery() : [waiting, 0, waiting];
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const underWay = this.#underWay + this.#journalled;
    const counts = this.#withdrawals.counts(this.#counts());
    const delivery = deliveryOf(counts, underWay);
    delivery.traps = this.#core.traps;
    delivery.refused.failed = this.#failed;
    delivery.dropped.consent = this.#withdrawals.dropped;
    return delivery;
  }
}
