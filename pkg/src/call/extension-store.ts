import type { Asker } from "../model/extension";

/**
 * What an extension keeps of the visitor, as JSON in localStorage under `key`; in memory where
 * `load` was told to keep everything there, or the browser stores nothing. Extensions are asked
 * only while the visitor agrees, and use it only then.
 */
export class ExtensionStore<T> {
  readonly #key: string;
  #value: T | undefined;

  constructor(key: string) {
    this.#key = key;
  }

  #persists({ options }: Asker): boolean {
    return !options.disableClientPersistence && options.disable !== true;
  }

  /** What is kept; another tab may have changed it. */
  read(asker: Asker): T | undefined {
    if (!this.#persists(asker)) return this.#value;
    try {
      const text = localStorage.getItem(this.#key);
      return text ? (JSON.parse(text) as T) : this.#value;
    } catch {
      return this.#value;
    }
  }

  /** Keeps `value` from now on. */
  write(asker: Asker, value: T): void {
    this.#value = value;
    if (!this.#persists(asker)) return;
    try {
      localStorage.setItem(this.#key, JSON.stringify(value));
    } catch {
      // Full, or forbidden: what is in memory has to do.
    }
  }

  /** Forgets it, in the browser's storage too. */
  forget(): void {
    this.#value = undefined;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Forbidden: then there is nothing.
    }
  }
}
