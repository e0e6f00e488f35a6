import { inMicrotask, warn } from "../base/platform";
import { snapshot } from "../base/snapshot";
import { type Call, isEvent, type Method } from "../call/call";
import type { Core } from "../core/core";
import { logSettled } from "../core/log-settled";
import type { Engine } from "../core/engine";
import { USER_ID } from "../core/identity-keys";
import { type Entry, recalled, type Restored } from "../journal/entry";
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

/** Number of clients in this page; they share one identity. */
let clients = 0;

/**
 * Passes each call to the core and its event to the journal: directly as text or, if there are
 * plugins, as an object through them.
 */
export class Courier {
  readonly #host: Host;
  readonly #core: Core;
  readonly #engine: Engine;
  readonly #journal: Journal | undefined;
  readonly #followed: FollowedEvents;
  readonly #ledger = new Ledger();
  /** The page that the core was given last. */
  #page: string | undefined;
  /** The core's number of its newest event; 0 before the first. */
  #seq = 0;
  /** Functions that record the calls of the page's current task. */
  #waiting: (() => void)[] = [];
  #isTaking = false;

  /** Whether to log what happens to each event and batch. */
  debug = false;

  /** Adds and removes plugins. */
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
      this.#engine.forget(new Uint32Array(this.#followed.taken(isTaken)));
    });
    core.onTrap = () => this.#revive();
    core.before = () => this.#takeWaiting();
    this.#listen();
  }

  #listen(): void {
    this.#seq = 0;
    this.#engine.onSettled((seqs, fate, status) => {
      if (this.debug) logSettled(seqs.length, fate, status);
      this.#followed.settle(seqs, fate, status);
    });
  }

  /** After a failure of the core: gives the fresh one the page and the unsettled events. */
  #revive(): void {
    this.#followed.release();
    if (!this.#core.alive) return;
    const { kept, live } = this.#followed.takeAll();
    this.#listen();
    if (this.#page) this.#engine.setPage(this.#page);
    this.restore(recalled(kept, live));
  }

  /** Records a call. A rejection that the caller ignores is not reported as unhandled. */
  record(call: Call): Promise<Context> {
    const recorded = this.#record(call);
    const isTold = () => this.debug || isLocalPage();
    recorded.catch((error: Error) => isTold() && warn(error));
    return recorded;
  }

  async #record(call: Call): Promise<Context> {
    const { extensions, gate, settings } = this.#host;
    let waiting = gate?.admit(call);
    while (waiting) {
      await waiting;
      waiting = gate?.admit(call);
    }
    const begunMs = +new Date();
    extensions?.see(call);
    const { callback, dropped, method } = call;
    const context = dropped
      ? Context.dropped(dropped)
      : await this.#atEndOfTask(call);
    if (callback) {
      const delayMs = settings.timeout - (+new Date() - begunMs);
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
   * Makes events in the order of their calls. A `track`, `page` or `screen` waits until the end of
   * the page's task, so that it does not delay the page's own code, or until the core is needed.
   */
  #atEndOfTask(call: Call): Promise<Context> {
    const waits = isEvent(call) && this.registrar.isClear();
    const recorded = new Promise<Context>((resolve) => {
      this.#waiting.push(() => resolve(this.#make(call)));
    });
    if (!waits) this.#takeWaiting();
    else if (this.#waiting.length === 1) {
      void inMicrotask(() => this.#takeWaiting());
    }
    return recorded;
  }

  #takeWaiting(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    // A listener may add a call to the list: the loop records that last.
    for (const record of this.#waiting) record();
    this.#waiting = [];
    this.#isTaking = false;
  }

  async #make(call: Call): Promise<Context> {
    if (!this.#core.alive) return this.#journalOnly(call);
    const page = textOfPage(call.page);
    if (page !== this.#page) this.#engine.setPage((this.#page = page));
    // Another client of this page may have changed storage: only other tabs get the event.
    const { navigator } = globalThis;
    if (clients > 1 && navigator?.cookieEnabled) this.#engine.reloadIdentity();
    return this.registrar.isClear()
      ? this.#straight(call)
      : this.#throughPlugins(call);
  }

  /** Journals a call for a later page: the core has failed for good. */
  #journalOnly({ text, nowMs, page }: Call): never {
    this.#ledger.journalled++;
    this.#journal?.add([CALL, nowMs, text, page]);
    throw new Error("The core failed: only the journal has this call");
  }

  /** If the core has failed for good, gives up the call that caused it or journals any other. */
  #checkAlive(call: Call): void {
    if (this.#core.alive) return;
    if (!this.#core.poisoned) this.#journalOnly(call);
    this.#ledger.failed++;
    throw new Error("Not recorded: the core failed");
  }

  async #straight(call: Call): Promise<Context> {
    const { text, nowMs, stored } = call;
    // What the gateway has stored only changes the identity here.
    const event = this.#engine[stored ? "build" : "call"](text, nowMs);
    this.#checkAlive(call);
    const before = this.#seq;
    const seq = (this.#seq = this.#engine.lastSeq());
    const context = Context.of(event, nowMs);
    if (stored) {
      context.attempts++;
      this.#ledger.stored++;
    }
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
    const userId = this.#engine.identity(USER_ID) ?? null;
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
      // By now the event is in the core, or will never be.
      if (unprocessed) this.#journal?.done(unprocessed);
    }
  }

  #enqueue(context: Context, wire: string, nowMs: number): Promise<void> {
    this.#seq = this.#engine.enqueue(wire, nowMs);
    const item: Item = [EVENT, nowMs, wire];
    if (this.#core.alive) return this.#followed.add(this.#seq, context, item);
    // The event has passed the plugins; a later page sends it.
    this.#journal?.add(item);
    return Promise.resolve();
  }

  /** Takes over the items that earlier pages left, in the order they were recorded. */
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

  /** Makes a call that an earlier page held, with its own time and page. */
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

  /** Records waiting calls; if the core has failed for good, a later page makes the reset. */
  reset(): void {
    this.#takeWaiting();
    if (this.#core.alive || this.#host.gate?.state === "denied") return;
    this.#journal?.add([CALL, +new Date(), "reset", NO_PAGE]);
  }

  /** Consent was withdrawn: gives up all events, and erases the identity here and in storage. */
  withdraw(): void {
    this.#ledger.withdraw(this.#counts());
    this.#followed.withdraw();
    this.#engine.resetProfile(false);
    this.#engine.resetProfile(true);
    this.#core.close();
    this.#page = undefined;
  }

  /** Consent is granted again: starts a fresh core without an identity. */
  resume(): void {
    this.#core.open();
    this.#listen();
  }

  #counts(): ArrayLike<number> {
    this.#takeWaiting();
    const waiting = this.#followed.size;
    return this.#core.alive ? this.#engine.delivery() : [waiting, 0, waiting];
  }

  /** The delivery report: counts of this page's events so far. */
  delivery(): Delivery {
    const { underWay } = this.registrar;
    const delivery = this.#ledger.report(this.#counts(), underWay);
    delivery.traps = this.#core.traps;
    delivery.refused.extensions = { ...this.#host.extensions?.dropped };
    return delivery;
  }
}
