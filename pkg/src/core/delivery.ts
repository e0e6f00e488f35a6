import {
  ACCEPTED,
  ACKNOWLEDGED,
  ADOPTED,
  PENDING,
  QUEUE_FULL,
  REFUSED,
  RESTORED,
  RETRIED,
  SENT,
  TOO_LARGE,
  TOO_OLD,
} from "./counts";
import type { Delivery } from "../model/delivery";

/** The delivery report from the core's counts; `underWay` events have not reached it yet. */
export function deliveryOf(
  counts: ArrayLike<number>,
  underWay: number,
): Delivery {
  const count = (at: number) => counts[at] ?? 0;
  return {
    accepted: count(ACCEPTED) + underWay,
    restored: count(RESTORED),
    sent: count(SENT),
    acknowledged: count(ACKNOWLEDGED),
    adopted: count(ADOPTED),
    pending: count(PENDING) + underWay,
    retried: count(RETRIED),
    dropped: {
      refused: count(REFUSED),
      queueFull: count(QUEUE_FULL),
      tooOld: count(TOO_OLD),
      consent: 0,
    },
    refused: {
      tooLarge: count(TOO_LARGE),
      held: 0,
      failed: 0,
      consent: 0,
      extensions: {},
    },
    traps: 0,
  };
}
