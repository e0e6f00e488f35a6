import { randomId } from "../base/random-id";
import type { Item } from "../journal/item";
import { leaveTab, takeTab } from "../journal/tab";
import { isSpilled, removeSpill, spill } from "../journal/spill";

/** Keeps the held calls of a page that is left before its journal is open. */
export class EarlySpill {
  readonly #segment: string = randomId();
  #isSpilled = false;

  /** Stores the calls as the page is left; the next page makes them. */
  leave(writeKey: string, items: Item[]): void {
    if (items.length === 0) return;
    spill(this.#segment, writeKey, [[0, items]]);
    leaveTab(this.#segment);
    this.#isSpilled = true;
  }

  /** The page was shown again. Returns whether another page has taken over its calls. */
  returned(): boolean {
    if (!this.#isSpilled) return false;
    this.#isSpilled = false;
    const isTaken = !isSpilled(this.#segment);
    removeSpill(this.#segment);
    takeTab(this.#segment);
    return isTaken;
  }
}
