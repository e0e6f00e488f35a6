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
    if (this.#isSpilled) leaveTab(this.segment);
  }

  #keep(aliveMs?: number): void {
    const items = this.writeKey && this.#held();
    if (!items) return;
    if (items.length === 0) return this.remove();
    spill(this.segment, this.writeKey!, [[0, items]], [], aliveMs);
    if (!this.#isSpilled) mayLeaveTab(this.segment);
    this.#isSpilled = true;
  }

  /** Removes the stored calls. */
  remove(): void {
    if (this.#isSpilled) removeSpill(this.segment);
    this.#isSpilled = false;
  }

  /** The page was shown again. Returns whether another page has taken over its calls. */
  returned(): boolean {
    const isTaken = this.#isSpilled && !isSpilled(this.segment);
    if (this.#isSpilled) takeTab(this.segment);
    this.remove();
    return isTaken;
  }
}
