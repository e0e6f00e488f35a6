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
  context?: WeakRef<Context> | Context;
  entry: Entry | undefined;
  /** The event's item, if the journal does not have it. */
  kept: Item | undefined;
  /** Called after the first attempt to send the event. */
  tried?: () => void;
}

/** The context of an event; undefined once it is garbage-collected. */
function contextOf({ context }: Followed): Context | undefined {
  return context instanceof WeakRef ? context.deref() : context;
}

/** Follows the events in the core by their numbers there. */
export class FollowedEvents {
  readonly #host: Host;
  readonly #journal: Journal | undefined;
  /** Whether a call's promise waits for its request, as in Segment's client. */
  readonly #awaitsRequest: boolean;
  #events = new Map<number, Followed>();

  constructor(host: Host, journal: Journal | undefined) {
    this.#host = host;
    this.#journal = journal;
    const segment = host.integrations["Segment.io"];
    this.#awaitsRequest =
      typeof segment === "object" &&
      segment.deliveryStrategy?.strategy === "standard";
  }

  /** Number of events that are not settled. */
  get size(): number {
    return this.#events.size;
  }

  /** Journals an event and follows it; resolves when the call's promise may. */
  async add(seq: number, context: Context, item: Item): Promise<void> {
    const entry = this.#journal?.add(item);
    const followed: Followed = {
      context: this.#host.hears("error") ? context : new WeakRef(context),
      entry,
      kept: entry ? undefined : item,
    };
    this.#events.set(seq, followed);
    if (!this.#awaitsRequest) return;
    await new Promise<void>((tried) => (followed.tried = tried));
  }

  /** Follows an event that an earlier page left. */
  restore(seq: number, item: Item, entry: Entry | undefined): void {
    this.#events.set(seq, { entry, kept: entry ? undefined : item });
  }

  /** Takes the fate of events from the core. */
  settle(seqs: Uint32Array, fate: string, status: number): void {
    if (fate === "paused") this.#tellPaused(status);
    seqs.forEach((seq) => this.#settle(seq, fate, status));
  }

  #settle(seq: number, fate: string, status: number): void {
    const followed = this.#events.get(seq);
    if (!followed) return;
    const { entry, tried } = followed;
    const context = contextOf(followed);
    if (context) context.attempts++;
    if (fate === "retried") {
      // A call that waits for its request fails with the server's refusal, as in Segment's
      // client; the core keeps the event until the server takes another one.
      const refused = this.#awaitsRequest && [400, 413, 422].includes(status);
      if (refused) this.#fail(context, "refused", status);
    } else {
      this.#events.delete(seq);
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
    return [...this.#events].flatMap(([seq, { entry }]) =>
      entry && isTaken(entry) ? [seq] : [],
    );
  }

  /** Gives up all events: consent was withdrawn. */
  withdraw(): void {
    for (const followed of this.#events.values()) {
      this.#fail(contextOf(followed), "denied", 0);
    }
    this.release();
    this.#events.clear();
  }

  /** Resolves the calls that wait for their requests, as the core failed or was closed. */
  release(): void {
    for (const { tried } of this.#events.values()) tried?.();
  }

  /**
   * Stops following all events. For a fresh core, returns the items that only memory has, and the
   * number of unsettled events of each journal entry.
   */
  takeAll(): { kept: Item[]; live: Map<Entry, number> } {
    const kept: Item[] = [];
    const live = new Map<Entry, number>();
    for (const { entry, kept: item } of this.#events.values()) {
      if (item) kept.push(item);
      if (entry) live.set(entry, (live.get(entry) ?? 0) + 1);
    }
    this.#events.clear();
    return { kept, live };
  }
}
