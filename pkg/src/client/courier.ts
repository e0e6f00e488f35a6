import { snapshot } from "../base/snapshot";
import type { Call, Method } from "../call/call";
import type { Core } from "../core/core";
import { logSettled } from "../core/delivery";
import type { Engine } from "../core/engine";
import { USER_ID } from "../core/identity-keys";
import type { Entry, Restored } from "../journal/entry";
import { CALL, EVENT, type Item, UNPROCESSED } from "../journal/item";
import type { Journal } from "../journal/journal";
import { Context } from "../model/context";
import type { Delivery } from "../model/delivery";
import { isLocalPage, NO_PAGE } from "../page/page";
import { textOfPage } from "../page/page-text";
import { callBack } from "./call-back";
import { listenerArguments } from "./call-events";
import { FollowedEvents } from "./followed";
import type { Host } from "./host";
import { Ledger } from "./ledger";
import { Registrar } from "./registrar";

/** Calls that leave the visitor as they are. */
const EVENTS_ONLY: readonly Method[] = ["track", "page", "screen"];

/** Number of clients in this page: they share the visitor. */
let clients = 0;

/**
 * Takes each call to the core, and its event to the journal: straight, as text, or through the
 * plugins, as an object, where there are any.
 */
export class Courier {
  readonly #host: Host;
  readonly #core: Core;
  readonly #engine: Engine;
  readonly #journal: Journal | undefined;
  readonly #followed: FollowedEvents;
  readonly #ledger = new Ledger();
  /** The page as the core has it. */
  #page: string | undefined;
  /** The number of the core's newest event, 0 before the first. */
  #seq = 0;
  /** What records the calls of the page's current task. */
  #waiting: (() => void)[] = [];
  #isTaking = false;

  /** Whether to log what happens to each event and batch. */
  debug = false;

  /** Adds and takes away plugins. */
  readonly registrar: Registrar;

  constructor(host: Host, core: Core, journal?: Journal) {
    clients++;
    this.#host = host;
    this.#core = core;
    this.#engine = core.engine;
    this.#journal = journal;
    this.#followed = new FollowedEvents(host, journal);
    this.registrar = new Registrar(host);
    journal?.onTaken((isTaken) => {
      this.#engine.forget(Uint32Array.from(this.#followed.taken(isTaken)));
    });
    core.onTrap = () => this.#revive();
    core.before = () => this.#takeWaiting();
    this.#listen();
  }

  #listen(): void {
    this.#seq = 0;
    this.#engine.onSettled((seqs: number[], fate: string, status: number) => {
      if (this.debug) logSettled(seqs.length, fate, status);
      this.#followed.settle(seqs, fate, status);
    });
  }

  /** The core failed: a fresh one gets the page, and what the journal has of its events. */
  #revive(): void {
    this.#followed.release();
    if (!this.#core.alive) return;
    const { kept, live } = this.#followed.takeAll();
    this.#listen();
    if (this.#page) this.#engine.setPage(this.#page);
    this.restore(kept.map((item) => ({ item, entry: undefined })));
    const recalling = this.#journal?.recall(live);
    void recalling?.then((left) => this.restore(left));
  }

  /** Records a call; the promise never reports unhandled. */
  record(call: Call): Promise<Context> {
    const recorded = this.#record(call);
    recorded.catch((error: Error) => {
      if (this.debug || isLocalPage()) console.warn("waymark:", error);
    });
    return recorded;
  }

  async #record(call: Call): Promise<Context> {
    const { extensions, gate, settings } = this.#host;
    let waiting = gate?.admit(call);
    while (waiting) {
      await waiting;
      waiting = gate?.admit(call);
    }
    const begunMs = Date.now();
    extensions?.see(call);
    const { callback, dropped, method } = call;
    const context = dropped
      ? Context.dropped(dropped)
      : await this.#atEndOfTask(call);
    if (callback) {
      const delayMs = settings.timeout - (Date.now() - begunMs);
      await callBack(callback, context, delayMs);
    }
    if (this.debug) {
      console.log(`waymark: ${method} recorded`, context.event);
      context.flush();
    }
    if (!dropped && this.#host.hears(method)) {
      this.#host.emit(method, ...listenerArguments(call, context.event));
    }
    return context;
  }

  /**
   * Makes the event of a call in its turn: a `track`, `page` or `screen` at the end of the page's
   * task, so that the page's own code goes on first, or before anything else is asked of the core.
   */
  #atEndOfTask(call: Call): Promise<Context> {
    const waits = EVENTS_ONLY.includes(call.method) && this.registrar.isClear();
    const recorded = new Promise<Context>((resolve) => {
      this.#waiting.push(() => resolve(this.#make(call)));
    });
    if (!waits) this.#takeWaiting();
    else if (this.#waiting.length === 1) {
      queueMicrotask(() => this.#takeWaiting());
    }
    return recorded;
  }

  #takeWaiting(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    // A listener may call meanwhile: that comes last.
    for (const record of this.#waiting) record();
    this.#waiting = [];
    this.#isTaking = false;
  }

  async #make(call: Call): Promise<Context> {
    if (!this.#core.alive) return this.#journalOnly(call);
    const page = textOfPage(call.page);
    if (page !== this.#page) this.#engine.setPage((this.#page = page));
    // Another client of this page may have changed what is stored, which only tells other tabs.
    const { navigator } = globalThis;
    if (clients > 1 && navigator?.cookieEnabled) this.#engine.reloadIdentity();
    return this.registrar.isClear()
      ? this.#straight(call)
      : this.#throughPlugins(call);
  }

  /** A later page makes the call, as the core failed for good. */
  #journalOnly({ text, nowMs, page }: Call): never {
    this.#ledger.journalled++;
    this.#journal?.add([CALL, nowMs, text, page]);
    throw new Error("The core failed: only the journal has this call");
  }

  /** Where the core failed for good over a call, that is given up if it is to blame. */
  #checkAlive(call: Call): void {
    if (this.#core.alive) return;
    if (!this.#core.poisoned) this.#journalOnly(call);
    this.#ledger.failed++;
    throw new Error("Not recorded: the core failed");
  }

  async #straight(call: Call): Promise<Context> {
    const { text, nowMs } = call;
    const event = this.#engine.call(text, nowMs);
    this.#checkAlive(call);
    const before = this.#seq;
    const seq = (this.#seq = this.#engine.lastSeq());
    const context = Context.of(event, nowMs);
    this.#host.emit("dispatch_start", context);
    const item: Item = [EVENT, nowMs, event];
    if (seq !== before) await this.#followed.add(seq, context, item);
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
    this.registrar.underWay++;
    const { withdrawals } = this.#ledger;
    try {
      this.#host.emit("dispatch_start", context);
      await this.registrar.settled;
      const { deliver, wireOf } = await this.registrar.pipeline();
      this.#ledger.check(withdrawals);
      return await deliver(this.#host.queue, context, (final) => {
        this.#ledger.check(withdrawals);
        const wire = wireOf(this.#host, final.event, userId);
        return this.#enqueue(final, snapshot(wire), nowMs);
      });
    } finally {
      this.registrar.underWay--;
      // In the task in which the event went to the core, or when it is clear that it will not.
      if (unprocessed) this.#journal?.done(unprocessed);
    }
  }

  #enqueue(context: Context, wire: string, nowMs: number): Promise<void> {
    this.#seq = this.#engine.enqueue(wire, nowMs);
    const item: Item = [EVENT, nowMs, wire];
    if (this.#core.alive) return this.#followed.add(this.#seq, context, item);
    // A later page has it, as it passed the plugins.
    this.#journal?.add(item);
    return Promise.resolve();
  }

  /** Takes over what earlier pages left, in the order in which it was recorded. */
  restore(left: readonly Restored[]): void {
    if (this.#host.gate?.state === "denied") return;
    for (const { item, entry } of left) {
      const [kind, atMs, text, page] = item;
      if (kind === EVENT) {
        this.#seq = this.#engine.restore(text, atMs);
        this.#followed.restore(this.#seq, item, entry);
      } else if (kind === UNPROCESSED) {
        void this.#process(text, atMs, entry);
      } else if (kind === CALL && page) {
        this.#replay({ text, nowMs: atMs, page, seen: true });
        this.#takeWaiting();
        if (entry) this.#journal?.done(entry);
      }
    }
  }

  /** Makes a call that an earlier page held, at its moment and on its page. */
  #replay(held: Omit<Call, "method" | "callback">): void {
    const [named = "", first = ""] = held.text.split("\n");
    const [method] = named.split(" ");
    if (method === "reset") this.#host.reset();
    else if (method === "setAnonymousId") {
      this.#host.setAnonymousId(JSON.parse(first || "null") as string | null);
    } else {
      const call = { ...held, method: method as Method, callback: undefined };
      void this.record(call);
    }
  }

  /** Records what waits; where the core failed for good, a later page forgets the visitor. */
  reset(): void {
    this.#takeWaiting();
    if (this.#core.alive || this.#host.gate?.state === "denied") return;
    this.#journal?.add([CALL, Date.now(), "reset", NO_PAGE]);
  }

  /** Consent was withdrawn: nothing of the visitor stays, here or in the stores. */
  withdraw(): void {
    this.#ledger.withdraw(this.#counts());
    this.#followed.withdraw();
    this.#engine.resetProfile(false);
    this.#engine.resetProfile(true);
    this.#core.close();
    this.#page = undefined;
  }

  /** Consent is there again: a fresh core, which knows no visitor. */
  resume(): void {
    this.#core.open();
    this.#listen();
  }

  #counts(): ArrayLike<number> {
    this.#takeWaiting();
    const waiting = this.#followed.size;
    return this.#core.alive ? this.#engine.delivery() : [waiting, 0, waiting];
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const { underWay } = this.registrar;
    const delivery = this.#ledger.report(this.#counts(), underWay);
    delivery.traps = this.#core.traps;
    delivery.refused.extensions = { ...this.#host.extensions?.dropped };
    return delivery;
  }
}
