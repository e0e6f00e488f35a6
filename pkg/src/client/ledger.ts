import { CONSENT_DENIED } from "../consent/gate";
import { ACCEPTED, COUNTS, PENDING } from "../core/counts";
import { deliveryOf } from "../core/delivery";
import type { Delivery } from "../model/delivery";

/** Counts the fates of calls and events, over all cores of the page. */
export class Ledger {
  /** The counts of the cores that were closed because consent was withdrawn. */
  #past: number[] = [];
  /** Number of events given up because consent was withdrawn. */
  #withdrawn = 0;

  /** Number of times that consent was withdrawn. */
  withdrawals = 0;
  /** Number of calls that are only in the journal. */
  journalled = 0;
  /** Number of events that a gateway had stored before the client was there. */
  stored = 0;
  /** Number of calls given up because they made the core fail. */
  failed = 0;

  #total(now: ArrayLike<number>): number[] {
    const total: number[] = [];
    for (let at = 0; at < COUNTS; at++) {
      total[at] = (this.#past[at] ?? 0) + (now[at] ?? 0);
    }
    return total;
  }

  /** Consent was withdrawn: counts the core's pending events as given up. */
  withdraw(now: ArrayLike<number>): void {
    this.#past = this.#total(now);
    this.#withdrawn += this.#past[PENDING]!;
    this.#past[PENDING] = 0;
    this.withdrawals++;
  }

  /**
   * Gives up an event that was still in the plugins when consent was withdrawn.
   *
   * @throws {Error} if consent was withdrawn since `withdrawals` was read
   */
  check(withdrawals: number): void {
    if (withdrawals === this.withdrawals) return;
    this.#past[ACCEPTED]!++;
    this.#withdrawn++;
    throw new Error(CONSENT_DENIED);
  }

  /** The delivery report; `underWay` events have not reached the core yet. */
  report(now: ArrayLike<number>, underWay: number): Delivery {
    const delivery = deliveryOf(this.#total(now), underWay + this.journalled);
    delivery.accepted += this.stored;
    delivery.sent += this.stored;
    delivery.acknowledged += this.stored;
    delivery.refused.failed = this.failed;
    delivery.dropped.consent = this.#withdrawn;
    return delivery;
  }
}
