import type { Analytics } from "./analytics";
import type { Call } from "./call";
import { Context } from "./context";
import type { Engine } from "./engine";
import { CALL, EVENT, UNPROCESSED } from "./journal/item";
import type { Entry, IsTaken, Journal, Restored } from "./journal/journal";
import { PLUGIN_LOAD_MAX_MS } from "./limits";
import type { PageFacts } from "./page";
import { snapshot } from "./snapshot";
import { asError } from "./as-error";
import { deliveryOf, logSettled } from "./delivery";
import type { Delivery, MiddlewareFunction, Plugin } from "./types";

type Pipeline = typeof import("./pipeline");

/** What is kept about an event in the core, until its fate is known. */
interface Followed {
  context?: WeakRef<Context> | Context;
  entry: Entry | undefined;
  /** To be called when the event was tried once. */
  tried?: () => void;
}

/** Number of clients in this page: they share the visitor. */
let clients = 0;

/**
 * Takes each call to the core: straight, as text, or through the plugins, as an object, where
 * there are any.
 */
export class Courier {
  readonly #analytics: Analytics;
  readonly #engine: Engine;
  readonly #builtIn: Plugin[];
  /** Whether a call's promise waits for the first request, as the peer's does. */
  readonly #awaitsRequest: boolean;
  #page: PageFacts | undefined;
  #pipeline: Promise<Pipeline> | undefined;
  /** Number of things that events wait for. */
  #waiting = 0;
  /** Number of events on their way through the plugins. */
  #underWay = 0;
  /** Events in the core, by their numbers there. */
  readonly #followed: Map<number, Followed> = new Map();
  readonly #journal: Journal | undefined;

  /** Whether to log what happens to each batch. */
  debug = false;

  /** Resolves when nothing is left that events wait for. */
  settled: Promise<unknown> = Promise.resolve();

  constructor(analytics: Analytics, engine: Engine, journal?: Journal) {
    clients++;
    this.#journal = journal;
    this.#analytics = analytics;
    this.#engine = engine;
    this.#builtIn = analytics.queue.plugins;
    const segment = analytics.integrations["Segment.io"];
    this.#awaitsRequest =
      typeof segment === "object" &&
      segment.deliveryStrategy?.strategy === "standard";
    journal?.onTaken((isTaken) => this.#forget(isTaken));
    engine.onSettled((seqs: Uint32Array, fate: string, status: number) => {
      if (this.debug) logSettled(seqs.length, fate, status);
      if (fate === "paused") this.#tellPaused(status);
      seqs.forEach((seq) => this.#settle(seq, fate, status));
    });
  }

  /** Records a call; rejects where it is no event. */
  async record(call: Call): Promise<Context> {
    this.#turnTo(call.page);
    // Another client of this page may have changed what is stored, which only tells other tabs.
    const { navigator } = globalThis;
    if (clients > 1 && navigator?.cookieEnabled) this.#engine.reloadIdentity();
    return this.isPlain() ? this.#straight(call) : this.#throughPlugins(call);
  }

  /** Whether nothing stands between a call and the core. */
  isPlain(): boolean {
    const { plugins } = this.#analytics.queue;
    return (
      plugins === this.#builtIn &&
      plugins.length === 2 &&
      this.#waiting + this.#underWay === 0
    );
  }

  #turnTo(page: PageFacts): void {
    const known = this.#page;
    if (known && page.every((fact, at) => fact === known[at])) return;
    this.#page = page;
    this.#engine.setPage(...page);
  }

  async #straight({ text, nowMs }: Call): Promise<Context> {
    const before = this.#engine.lastSeq();
    const event = asError(() => this.#engine.call(text, nowMs));
    const context = Context.of(event, nowMs);
    this.#analytics.emit("dispatch_start", context);
    if (this.#engine.lastSeq() !== before) {
      const entry = this.#journal?.add([EVENT, nowMs, event]);
      await this.#follow(context, entry);
    }
    return context;
  }

  #throughPlugins({ text, nowMs }: Call): Promise<Context> {
    const event = asError(() => this.#engine.build(text, nowMs));
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
    try {
      this.#analytics.emit("dispatch_start", context);
      await this.settled;
      const { deliver } = await this.#loadPipeline();
      return await deliver(this.#analytics.queue, context, (final) =>
        this.#enqueue(final, userId, nowMs),
      );
    } finally {
      this.#underWay--;
      // In the task in which the event went to the core, or when it is clear that it will not.
      if (unprocessed) this.#journal?.done(unprocessed);
    }
  }

  #enqueue(
    context: Context,
    userId: string | null,
    nowMs: number,
  ): Promise<void> {
    const wire = snapshot(this.#wireOf(context, userId));
    asError(() => this.#engine.enqueue(wire, nowMs));
    return this.#follow(context, this.#journal?.add([EVENT, nowMs, wire]));
  }

  /** The event with what the wire has besides (contract §c.3). */
  #wireOf({ event }: Context, userId: string | null): object {
    const { queue, settings } = this.#analytics;
    const failed = queue.failedInitializations;
    return {
      ...event,
      userId: event.userId ?? userId,
      writeKey: settings.writeKey,
      _metadata: {
        ...(failed.length > 0 && { failedInitializations: failed }),
        ...{ bundled: ["Segment.io"], unbundled: [], bundledIds: [] },
      },
    };
  }

  /** Remembers what belongs to the event that was queued last. */
  async #follow(context: Context, entry: Entry | undefined): Promise<void> {
    const heard = this.#analytics.hears("error");
    const followed: Followed = {
      context: heard ? context : new WeakRef(context),
      entry,
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
      if (context && refused) this.#fail(context, "refused", status);
    } else {
      this.#followed.delete(seq);
      if (entry) this.#journal?.done(entry);
      const isKept = fate === "acknowledged" || fate === "adopted";
      if (context && !isKept) this.#fail(context, fate, status);
    }
    tried?.();
  }

  /** Takes over what earlier pages left, in the order in which it was recorded. */
  restore(left: readonly Restored[]): void {
    for (const { item, entry } of left) {
      const [kind, atMs, text, page] = item;
      if (kind === EVENT) {
        const seq = this.#engine.restore(text, atMs);
        this.#followed.set(seq, { entry });
      } else if (kind === UNPROCESSED) {
        void this.#process(text, atMs, entry);
      } else if (kind === CALL && page) {
        void this.#analytics.replay(text, atMs, page);
        this.#journal?.done(entry);
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

  /** Sending waits for somebody to look at it: a wrong key, a wrong address, a broken server. */
  #tellPaused(status: number): void {
    const reason = new Error(`Sending paused: the server answered ${status}`);
    console.warn(`waymark: ${reason.message}; events wait in the journal`);
    this.#report(reason, Context.system());
  }

  #report(reason: Error, ctx: Context): void {
    this.#analytics.emit("error", { code: "delivery_failure", reason, ctx });
  }

  #fail(context: Context, fate: string, status: number): void {
    const reason = new Error(
      fate === "refused" ? `Bad response from server: ${status}` : fate,
    );
    reason.name = fate === "refused" ? "NonRetryableError" : "DroppedError";
    if (context.failedDelivery()) return;
    context.setFailedDelivery({ reason });
    this.#report(reason, context);
  }

  #loadPipeline(): Promise<Pipeline> {
    return (this.#pipeline ??= import("./pipeline"));
  }

  /** Lets events wait for `task`, at most for `limitMs`. */
  waitFor(task: Promise<unknown>, limitMs: number): void {
    this.#waiting++;
    const limit = new Promise((done) => setTimeout(done, limitMs));
    const done = Promise.race([task, limit])
      .catch((error: unknown) => console.warn("waymark:", error))
      .finally(() => this.#waiting--);
    this.settled = Promise.all([this.settled, done]);
  }

  /** Registers plugins; later events pass them. */
  register(context: Context, plugins: Plugin[]): Promise<unknown> {
    const { queue } = this.#analytics;
    const registered = this.#loadPipeline().then(({ register }) =>
      Promise.all(
        plugins.map((plugin) =>
          register(queue, context, plugin, this.#analytics),
        ),
      ),
    );
    this.waitFor(registered, PLUGIN_LOAD_MAX_MS);
    return registered;
  }

  /** Takes plugins away. */
  deregister(context: Context, names: string[]): Promise<unknown> {
    const { queue } = this.#analytics;
    const gone = this.#loadPipeline().then(({ deregister }) =>
      Promise.all(
        names.map((name) => deregister(queue, context, name, this.#analytics)),
      ),
    );
    this.waitFor(gone, PLUGIN_LOAD_MAX_MS);
    return gone;
  }

  /** Adds middleware; later events pass it. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<unknown> {
    const added = import("./middleware").then(({ sourceMiddleware }) => {
      const destinations = this.#analytics.queue.plugins
        .filter(({ type }) => type === "destination")
        .map(({ name }) => [name, true]);
      const plugin = sourceMiddleware(
        middleware,
        Object.fromEntries(destinations),
      );
      return this.register(Context.system(), [plugin]);
    });
    this.waitFor(added, PLUGIN_LOAD_MAX_MS);
    return added;
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    return deliveryOf(this.#engine.delivery(), this.#underWay);
  }
}
