import type { Analytics } from "./analytics";
import type { Call } from "./call";
import { CallQueue } from "./call-queue";
import { Context } from "./context";
import type { Core } from "./core";
import type { Engine } from "./engine";
import { CALL, EVENT, type Item, UNPROCESSED } from "./journal/item";
import type { Entry, IsTaken, Restored } from "./journal/entry";
import type { Journal } from "./journal/journal";
import { NO_PAGE } from "./page";
import { textOfPage } from "./page-text";
import { fail, tellPaused } from "./failures";
import { USER_ID } from "./identity-key";
import { Registrar } from "./registrar";
import { snapshot } from "./snapshot";
import { contextOf, type Followed, liveOf } from "./followed";
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
  readonly #calls: CallQueue = new CallQueue();
  /** The number of the core's newest event, 0 before the first. */
  #seq = 0;
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
    core.before = () => this.#calls.take();
    this.#listen();
  }

  #listen(): void {
    this.#seq = 0;
    this.#engine.onSettled((seqs: number[], fate: string, status: number) => {
      if (this.debug) logSettled(seqs.length, fate, status);
      if (fate === "paused") tellPaused(this.#analytics, status);
      seqs.forEach((seq) => this.#settle(seq, fate, status));
    });
  }

  /** The core failed: a fresh one gets the page, and what the journal has of the page's events. */
  #revive(): void {
    const followed = [...this.#followed.values()];
    for (const { tried } of followed) tried?.();
    if (!this.#core.alive) return;
    this.#followed.clear();
    this.#listen();
    if (this.#page) this.#engine.setPage(this.#page);
    for (const { kept } of followed) {
      if (kept) this.restore([{ item: kept, entry: undefined }]);
    }
    const recalling = this.#journal?.recall(liveOf(followed));
    void recalling?.then((left) => this.restore(left));
  }

  /** Records a call; rejects where it is no event. */
  record(call: Call): Promise<Context> {
    const waits = this.#calls.mayWait(call.method) && this.isPlain();
    return this.#calls.add(() => this.#record(call), waits);
  }

  async #record(call: Call): Promise<Context> {
    if (!this.#core.alive) return this.#journalOnly(call);
    const page = textOfPage(call.page);
    if (page !== this.#page) this.#engine.setPage((this.#page = page));
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
    this.#calls.take();
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

  async #straight(call: Call): Promise<Context> {
    const { text, nowMs } = call;
    const event = this.#engine.call(text, nowMs);
    this.#checkAlive(call);
    const before = this.#seq;
    const seq = (this.#seq = this.#engine.lastSeq());
    const context = Context.of(event, nowMs);
    this.#analytics.emit("dispatch_start", context);
    const item: Item = [EVENT, nowMs, event];
    if (seq !== before) await this.#follow(seq, context, item);
    return context;
  }

  #throughPlugins(call: Call): Promise<Context> {
    const { text, nowMs } = call;
    const event = this.#engine.build(text, nowMs);
    this.#checkAlive(call);
    const entry = this.#journal?.add([UNPROCESSED, nowMs, event]);
    return this.#process(event, nowMs, entry);
  }

  async #process(
    event: string,
    nowMs: number,
    unprocessed: Entry | undefined,
  ): Promise<Context> {
    const userId = (this.#engine.identity(USER_ID) ?? null) as string | null;
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
    this.#seq = this.#engine.enqueue(wire, nowMs);
    const item: Item = [EVENT, nowMs, wire];
    if (this.#core.alive) return this.#follow(this.#seq, context, item);
    // A later page has it, as it passed the plugins.
    this.#journal?.add(item);
    return Promise.resolve();
  }

  /** Journals the event of that number, and remembers what belongs to it. */
  async #follow(seq: number, context: Context, item: Item): Promise<void> {
    const entry = this.#journal?.add(item);
    const heard = this.#analytics.hears("error");
    const followed: Followed = {
      context: heard ? context : new WeakRef(context),
      entry,
      kept: entry ? undefined : item,
    };
    this.#followed.set(seq, followed);
    if (!this.#awaitsRequest) return;
    await new Promise<void>((tried) => (followed.tried = tried));
  }

  #settle(seq: number, fate: string, status: number): void {
    const followed = this.#followed.get(seq);
    if (!followed) return;
    const { entry, tried } = followed;
    const context = contextOf(followed);
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
        const seq = (this.#seq = this.#engine.restore(text, atMs));
        this.#followed.set(seq, { entry, kept: entry ? undefined : item });
      } else if (kind === UNPROCESSED) {
        void this.#process(text, atMs, entry);
      } else if (kind === CALL && page) {
        void this.#analytics.replay(text, atMs, page);
        this.#calls.take();
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
    for (const followed of this.#followed.values()) {
      const context = contextOf(followed);
      if (context) fail(this.#analytics, context, "denied", 0);
      followed.tried?.();
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
    this.#calls.take();
    const waiting = this.#followed.size;
    return this.#core.alive ? this.#engine.delivery() : [waiting, 0, waiting];
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const counts = this.#withdrawals.counts(this.#counts());
    const underWay = this.#underWay + this.#journalled;
    const delivery = deliveryOf(counts, underWay);
    delivery.traps = this.#core.traps;
    delivery.refused.failed = this.#failed;
    delivery.dropped.consent = this.#withdrawals.dropped;
    return delivery;
  }
}
