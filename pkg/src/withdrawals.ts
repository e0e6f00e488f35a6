import { CONSENT_DENIED } from "./consent/gate";
import { ACCEPTED, COUNTS, PENDING } from "./delivery";

/** What was given up because consent was taken back, and the core's counts till then. */
export class Withdrawals {
  #past: number[] = new Array<number>(COUNTS).fill(0);

  /** How often that was. */
  times = 0;
  /** Number of events that were given up. */
  dropped = 0;

  /** The counts of all cores, with those of the one of now. */
  counts(now: ArrayLike<number>): number[] {
    return this.#past.map((count, at) => count + (now[at] ?? 0));
  }

  /** What was pending is given up. */
  add(now: ArrayLike<number>): void {
    this.#past = this.counts(now);
    this.dropped += this.#past[PENDING]!;
    this.#past[PENDING] = 0;
    this.times++;
  }

  /**
   * Gives up an event that was on its way through the plugins when consent was taken back.
   *
   * @throws {Error} where that happened since `times` were
   */
  check(times: number): void {
    if (times === this.times) return;
    this.#past[ACCEPTED]!++;
    this.dropped++;
    throw new Error(CONSENT_DENIED);
  }
}
