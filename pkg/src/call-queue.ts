import type { Method } from "./call";

/** Calls that leave the visitor as they are. */
const EVENTS_ONLY: readonly Method[] = ["track", "page", "screen"];

/**
 * The calls of the page's current task. They are recorded at its end, so that the page's own code
 * goes on first, or before anything else is asked of the core.
 */
export class CallQueue {
  #waiting: (() => void)[] = [];
  #isTaking = false;

  /** Whether a call of that method may be recorded at the end of the task. */
  mayWait(method: Method): boolean {
    return EVENTS_ONLY.includes(method);
  }

  /** Records in its turn: at the end of the task where it `waits`, else now. */
  add<T>(record: () => Promise<T>, waits: boolean): Promise<T> {
    const recorded = new Promise<T>((resolve) => {
      this.#waiting.push(() => resolve(record()));
    });
    if (!waits) this.take();
    else if (this.#waiting.length === 1) queueMicrotask(() => this.take());
    return recorded;
  }

  /** Records all that waits. */
  take(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    // A listener may call meanwhile: that comes last.
    for (const record of this.#waiting) record();
    this.#waiting = [];
    this.#isTaking = false;
  }
}
