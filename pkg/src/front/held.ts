import type { Analytics } from "../client/analytics";
import { type HeldCall, isEventOnly } from "../call/call";
import type { Entry } from "../journal/entry";
import { CALL, type Item } from "../journal/item";

/** An operation that waits until the client is loaded. */
export interface Held {
  /** Runs the operation. */
  run: (analytics: Analytics) => void;
  /** Rejects the operation's promise. */
  drop: (why: string) => void;
  /** Whether it runs before all held calls, as in Segment's client. */
  first: boolean;
  /** Whether it has no data of the visitor, so that it is kept even if consent is denied. */
  stays: boolean;
  /** Whether what it does may change the events of other calls: none takes the express lane then. */
  steers: boolean;
  /** The call, if the operation is one that can be journalled. */
  call: HeldCall | undefined;
  /** The call's journal entry. */
  entry?: Entry;
}

/** How an operation is held; the members are those of {@link Held}. */
export interface Holding {
  first?: boolean;
  stays?: boolean;
  steers?: boolean;
  call?: HeldCall;
}

/** The journal item of a held call; undefined if the call may not, or need not, be journalled. */
export function itemOf({ call }: Held): Item | undefined {
  if (!call?.seen || call.dropped) return undefined;
  if (call.stored && isEventOnly(call)) return undefined;
  return [CALL, call.nowMs, call.text, call.page];
}

/** The journal items of these held calls. */
export const itemsOf = (held: readonly Held[]): Item[] =>
  held.map(itemOf).filter((item): item is Item => !!item);

/**
 * Notes that the gateway has a held call's event. Gives the call's journal entry if it is needed no
 * more.
 */
export function noteStored(held: Held): Entry | undefined {
  const { call, entry } = held;
  if (!call) return undefined;
  call.stored = true;
  if (!isEventOnly(call)) return undefined;
  held.entry = undefined;
  return entry;
}
