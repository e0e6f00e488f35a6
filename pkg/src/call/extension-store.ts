import { snapshot } from "../base/snapshot";
import type { Asker } from "../model/extension";

/** Whether an extension may keep something of the visitor beyond the page. */
export const persists = ({ options }: Asker): boolean =>
  !options.disableClientPersistence && options.disable !== true;

/**
 * A value that an extension keeps of the visitor, as JSON in localStorage under `key`; in memory if
 * an option of `load` or the browser forbids storage. Extensions see calls, and so use the store,
 * only while consent is granted.
 */
export class ExtensionStore<T> {
  readonly #key: string;
  #value: T | undefined;

  constructor(key: string) {
    this.#key = key;
  }

  /** The kept value; another tab may have changed it. */
  read(asker: Asker): T | undefined {
    if (!persists(asker)) return this.#value;
    try {
      const text = localStorage.getItem(this.#key);
      return text ? (JSON.parse(text) as T) : this.#value;
    } catch {
      return this.#value;
    }
  }

  /** Replaces the kept value. */
  write(asker: Asker, value: T): void {
    this.#value = value;
    if (!persists(asker)) return;
    try {
      localStorage.setItem(this.#key, snapshot(value));
    } catch {
      // Storage is full or blocked: memory still has the value.
    }
  }

  /** Removes the value from memory and storage. */
  forget(): void {
    this.#value = undefined;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Storage is blocked, so the value is not in it.
    }
  }
}
