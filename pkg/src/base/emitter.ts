type Listener = (...args: any[]) => unknown;

/** Listeners of one event above which a leak is suspected, as in Segment's client. */
const LISTENERS_MAX = 10;

/** Calls listeners of named events; an error in one is logged, and the others still run. */
export class Emitter {
  #listeners: Record<string, Listener[]> = {};

  /** Calls `listener` each time `event` is emitted. */
  on(event: string, listener: Listener): this {
    const listeners = (this.#listeners[event] ??= []);
    listeners.push(listener);
    if (listeners.length === LISTENERS_MAX + 1) {
      console.warn(
        `Event Emitter: Possible memory leak detected; ${event} has exceeded ${LISTENERS_MAX} listeners.`,
      );
    }
    return this;
  }

  /** Calls `listener` the next time `event` is emitted. */
  once(event: string, listener: Listener): this {
    const first = (...args: unknown[]) => {
      this.off(event, first);
      listener(...args);
    };
    return this.on(event, first);
  }

  /** Removes `listener`. */
  off(event: string, listener: Listener): this {
    const left = this.#listeners[event]?.filter((one) => one !== listener);
    if (left) this.#listeners[event] = left;
    return this;
  }

  /** Calls the listeners of `event` in the order in which they were added. */
  emit(event: string, ...args: unknown[]): this {
    for (const listener of this.#listeners[event] ?? []) {
      try {
        listener(...args);
      } catch (error) {
        console.error(error);
      }
    }
    return this;
  }

  /** Whether `event` has a listener. @internal */
  hears(event: string): boolean {
    return !!this.#listeners[event]?.length;
  }
}
