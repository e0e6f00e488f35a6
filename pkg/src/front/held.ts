import type { Analytics } from "../client/analytics";
import type { HeldCall } from "../call/call";
import type { Entry } from "../journal/entry";
import { CALL, type Item } from "../journal/item";

/** Something that waits for the client to be loaded. */
export interface Held {
  run: (analytics: Analytics) => void;
  drop: (why: string) => void;
  /** Whether it comes before every call that was held, as the peer has it. */
  first: boolean;
  /** Whether it says nothing of the visitor, and waits however the visitor answers. */
  stays: boolean;
  /** What is journalled of it, and where. */
  call: HeldCall | undefined;
  entry?: Entry;
}

/** How an operation is held. */
export interface Holding {
  first?: boolean;
  stays?: boolean;
  call?: HeldCall;
}

/** What may be journalled of a held call. */
export function itemOf({ call }: Held): Item | undefined {
  if (!call?.seen || call.dropped) return undefined;
  return [CALL, call.nowMs, call.text, call.page];
}
