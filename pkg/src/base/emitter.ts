type Listener = (...args: any[]) => unknown;

/** Listeners of one event before a leak is suspected, as the peer counts them. */
const LISTENERS_MAX = 10;

/** Tells listeners what happens; one that throws keeps its error to itself. */
export class Emitter {
  #listeners: Record<string, Listener[]> = {};

  /** Calls `listener` for each such event from now on. */
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

  /** Calls `listener` for the next such event only. */
  once(event: string, listener: Listener): this {
    const first = (...args: unknown[]) => {
      this.off(event, first);
      listener(...args);
    };
    return this.on(event, first);
  }

  /** Calls `listener` no more. */
  off(event: string, listener: Listener): this {
    const left = this.#listeners[event]?.filter((one) => one !== listener);
    if (left) this.#listeners[event] = left;
    return this;
  }

  /** Tells every listener of `event`, in the order in which they came. */
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

  /** Whether anybody listens to `event`. @internal */
  hears(event: string): boolean {
    return !!this.#listeners[event]?.length;
  }
}
