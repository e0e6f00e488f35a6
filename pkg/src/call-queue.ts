type Record<T> = () => Promise<T>;

/**
 * The calls of the page's current task. They are recorded at its end, so that the page's own code
 * goes on first, or before anything else is asked of the core.
 */
export class CallQueue {
  #waiting: (() => void)[] = [];
  #isTaking = false;

  /** Records in its turn: at the end of the task where it `waits`, else now. */
  add<T>(record: Record<T>, waits: boolean): Promise<T> {
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
