import { inMicrotask } from "../base/platform";
import { randomId } from "../base/random-id";
import type { Item } from "../journal/item";
import { leaveTab, mayLeaveTab, takeTab } from "../journal/tab";
import { isSpilled, removeSpill, spill } from "../journal/spill";

/**
 * Keeps the held calls of a page until its journal is open: the page may be killed, and WebKit tells
 * a page nothing that is left before its `load` event.
 */
export class EarlySpill {
  /** The write key of the calls; undefined while none may be kept. */
  writeKey: string | undefined;
  /** The segment of the calls, as other pages know it. */
  readonly segment: string = randomId();
  readonly #held: () => Item[] | undefined;
  #isSpilled = false;
  /** The number of calls that are stored. */
  #count = 0;
  /** Whether the page was left, with calls stored, and has not come back. */
  #isLeft = false;
  #isQueued = false;

  /** `held` gives the calls to keep, or undefined if that is not for the spill to do now. */
  constructor(held: () => Item[] | undefined) {
    this.#held = held;
  }

  /** Stores the calls at the end of the page's task. */
  soon(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    void inMicrotask(() => {
      this.#isQueued = false;
      this.#keep(+new Date());
    });
  }

  /** Stores the calls as the page is left; the next page makes them. */
  leave(): void {
    this.#keep();
    this.#isLeft = this.#isSpilled;
    if (this.#isLeft) leaveTab(this.segment);
  }

  #keep(aliveMs?: number): void {
    const items = this.writeKey && this.#held();
    if (!items) return;
    if (items.length === 0) return this.remove();
    const records = items.map((item, n) => [n, [item]] as const);
    const kept = spill(this.segment, this.writeKey!, records, [], aliveMs);
    if (kept.length === 0) return;
    this.#count = kept.length;
    if (!this.#isSpilled) mayLeaveTab(this.segment);
    this.#isSpilled = true;
  }

  /** Removes the stored calls. */
  remove(): void {
    if (this.#isSpilled) removeSpill(this.segment);
    this.#isSpilled = false;
  }

  /** The page is shown. Returns how many of its oldest calls another page has taken since it left. */
  returned(): number {
    if (!this.#isLeft) return 0;
    this.#isLeft = false;
    const isTaken = !isSpilled(this.segment);
    takeTab(this.segment);
    this.remove();
    return isTaken ? this.#count : 0;
  }
}
