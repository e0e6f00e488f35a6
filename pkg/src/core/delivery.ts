import type { Delivery } from "../model/delivery";

/** Where the core's counters have what was accepted, what is pending, and how many there are. */
export const ACCEPTED = 0;
export const PENDING = 2;
export const COUNTS = 11;

/** The ledger from the core's counters, and `underWay` events that it has not got yet. */
export function deliveryOf(
  counts: ArrayLike<number>,
  underWay: number,
): Delivery {
  const count = (at: number) => counts[at] ?? 0;
  return {
    accepted: count(ACCEPTED) + underWay,
    restored: count(7),
    sent: count(9),
    acknowledged: count(1),
    adopted: count(10),
    pending: count(PENDING) + underWay,
    retried: count(3),
    dropped: {
      refused: count(4),
      queueFull: count(5),
      tooOld: count(8),
      consent: 0,
    },
    refused: {
      tooLarge: count(6),
      held: 0,
      failed: 0,
      consent: 0,
      extensions: {},
    },
    traps: 0,
  };
}

/** Logs what became of a batch. */
export function logSettled(events: number, fate: string, status: number): void {
  const answer = status ? ` (HTTP ${status})` : "";
  const noun = events === 1 ? "event" : "events";
  console.log(`waymark: ${events} ${noun} ${fate}${answer}`);
}
