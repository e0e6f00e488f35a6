import { CONSENT_DENIED } from "../consent/gate";
import { ACCEPTED, COUNTS, PENDING } from "../core/counts";
import { deliveryOf } from "../core/delivery";
import type { Delivery } from "../model/delivery";

/** Counts what became of calls and events, over all cores that the page had. */
export class Ledger {
  /** The counts of the cores that were closed when consent was withdrawn. */
  #past: number[] = new Array<number>(COUNTS).fill(0);
  /** Number of events that were given up as consent was withdrawn. */
  #withdrawn = 0;

  /** Number of times that consent was withdrawn. */
  withdrawals = 0;
  /** Number of calls that only the journal has. */
  journalled = 0;
  /** Number of calls that became no event because the core failed over them. */
  failed = 0;

  #total(now: ArrayLike<number>): number[] {
    return this.#past.map((count, at) => count + (now[at] ?? 0));
  }

  /** Consent was withdrawn: what the core had pending is given up. */
  withdraw(now: ArrayLike<number>): void {
    this.#past = this.#total(now);
    this.#withdrawn += this.#past[PENDING]!;
    this.#past[PENDING] = 0;
    this.withdrawals++;
  }

  /**
   * Gives up an event that was on its way through the plugins when consent was withdrawn.
   *
   * @throws {Error} where consent was withdrawn since `withdrawals` was read
   */
  check(withdrawals: number): void {
    if (withdrawals === this.withdrawals) return;
    this.#past[ACCEPTED]!++;
    this.#withdrawn++;
    throw new Error(CONSENT_DENIED);
  }

  /** The report, with `underWay` events that have not reached the core. */
  report(now: ArrayLike<number>, underWay: number): Delivery {
    const delivery = deliveryOf(this.#total(now), underWay + this.journalled);
    delivery.refused.failed = this.failed;
    delivery.dropped.consent = this.#withdrawn;
    return delivery;
  }
}
