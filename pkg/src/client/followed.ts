/** The events in the core: the page is told their fate, and the journal forgets them then. */
import { warn } from "../base/platform";
import { Context } from "../model/context";
import { codeOf } from "../core/turned-away";
import type { Entry, IsTaken } from "../journal/entry";
import type { Item } from "../journal/item";
import type { Journal } from "../journal/journal";
import type { Host } from "./host";

/** An event in the core that is not settled yet. */
interface Followed {
  /** The event's context; undefined once it is garbage-collected. */
  context: (() => Context | undefined) | undefined;
  entry: Entry | undefined;
  /** The event's item, if the journal does not have it. */
  kept: Item | undefined;
  /** Called after the first attempt to send the event. */
  tried?: () => void;
}

/** Gives a context for as long as the page keeps it, if the browser can tell. */
function weakly(context: Context): () => Context | undefined {
  try {
    const kept = new WeakRef(context);
    if (kept.deref() === context) return () => kept.deref();
  } catch {
    // The page has taken it away.
  }
  return () => context;
}

/** No members, not even those of a page's prototypes. */
const noEvents = () => ({ __proto__: null }) as Record<number, Followed>;

/** Follows the events in the core by their numbers there. */
export class FollowedEvents {
  readonly #host: Host;
  readonly #journal: Journal | undefined;
  /** Whether a call's promise waits for its request, as in Segment's client. */
  readonly #awaitsRequest: boolean;
  #events: Record<number, Followed> = noEvents();

  constructor(host: Host, journal: Journal | undefined) {
    this.#host = host;
    this.#journal = journal;
    const segment = host.integrations["Segment.io"];
    this.#awaitsRequest =
      typeof segment === "object" &&
      segment?.deliveryStrategy?.strategy === "standard";
  }

  /** The events, in the order of their numbers. */
  #all(): Followed[] {
    const all: Followed[] = [];
    for (const seq in this.#events) all.push(this.#events[seq]!);
    return all;
  }

  /** Number of events that are not settled. */
  get size(): number {
    return this.#all().length;
  }

  /** Journals an event and follows it; resolves when the call's promise may. */
  async add(seq: number, context: Context, item: Item): Promise<void> {
    const entry = this.#journal?.add(item);
    const followed: Followed = {
      context: this.#host.hears("error") ? () => context : weakly(context),
      entry,
      kept: entry ? undefined : item,
    };
    this.#events[seq] = followed;
    if (!this.#awaitsRequest) return;
    await new Promise<void>((tried) => (followed.tried = tried));
  }

  /** Follows an event that an earlier page left. */
  restore(seq: number, item: Item, entry: Entry | undefined): void {
    const kept = entry ? undefined : item;
    this.#events[seq] = { context: undefined, entry, kept };
  }

  /** Takes the fate of events from the core. */
  settle(seqs: Uint32Array, fate: string, status: number): void {
    if (fate === "paused") this.#tellPaused(status);
    seqs.forEach((seq) => this.#settle(seq, fate, status));
  }

  #settle(seq: number, fate: string, status: number): void {
    const followed = this.#events[seq];
    if (!followed) return;
    const { entry, tried } = followed;
    const context = followed.context?.();
    if (context) context.attempts++;
    if (fate === "retried") {
      // A call that waits for its request fails with the server's refusal, as in Segment's
      // client; the core keeps the event until the server takes another one.
      const refused =
        this.#awaitsRequest && [400, 413, 422].indexOf(status) >= 0;
      if (refused) this.#fail(context, "refused", status);
    } else {
      delete this.#events[seq];
      if (entry) this.#journal?.done(entry);
      const isKept = fate === "acknowledged" || fate === "adopted";
      if (!isKept) this.#fail(context, fate, status);
    }
    tried?.();
  }

  #report(reason: Error, ctx: Context): void {
    this.#host.emit("error", { code: "delivery_failure", reason, ctx });
  }

  /** Reports that sending is paused by a wrong key, a wrong address or a broken server. */
  #tellPaused(status: number): void {
    const reason = new Error(`Sending paused: the server answered ${status}`);
    warn(`${reason.message}; events wait in the journal`);
    this.#report(reason, Context.system());
  }

  /** Reports once that an event was given up or refused. */
  #fail(context: Context | undefined, fate: string, status: number): void {
    const reason = new Error(
      fate === "refused"
        ? `Bad response from server: ${codeOf(status) ?? status}`
        : fate,
    );
    reason.name = fate === "refused" ? "NonRetryableError" : "DroppedError";
    if (!context || context.failedDelivery()) return;
    context.setFailedDelivery({ reason });
    this.#report(reason, context);
  }

  /** The numbers of the events whose records another page has taken. */
  taken(isTaken: IsTaken): number[] {
    const seqs: number[] = [];
    for (const seq in this.#events) {
      const { entry } = this.#events[seq]!;
      if (entry && isTaken(entry)) seqs.push(+seq);
    }
    return seqs;
  }

  /** Gives up all events: consent was withdrawn. */
  withdraw(): void {
    for (const { context } of this.#all()) this.#fail(context?.(), "denied", 0);
    this.release();
    this.#events = noEvents();
  }

  /** Resolves the calls that wait for their requests, as the core failed or was closed. */
  release(): void {
    for (const { tried } of this.#all()) tried?.();
  }

  /**
   * Stops following all events. For a fresh core, returns the items that only memory has, and the
   * journal entry of each other one.
   */
  takeAll(): { kept: Item[]; live: Entry[] } {
    const kept: Item[] = [];
    const live: Entry[] = [];
    for (const { entry, kept: item } of this.#all()) {
      if (item) kept.push(item);
      if (entry) live.push(entry);
    }
    this.#events = noEvents();
    return { kept, live };
  }
}
