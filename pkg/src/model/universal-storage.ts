import type { StorageObject, Store } from "./storage";

/** Marks the cookie store, the only one that subdomains share. */
const CARRIES = "crossesSubdomains";

/** Older versions stored numbers; this one stores text. */
function asText<T>(value: T): T {
  return (typeof value === "number" ? value.toString() : value) as T;
}

/** Several stores as one: reads from the first that has a value, and writes to all. */
export class UniversalStorage<Data extends StorageObject = StorageObject> {
  readonly #stores: Store[];

  constructor(stores: Store[]) {
    this.#stores = stores;
  }

  /** Asks each store; one that throws is skipped. */
  #each<T>(
    what: string,
    key: keyof Data,
    ask: (store: Store, key: string) => T,
  ): [Store, T][] {
    const answers: [Store, T][] = [];
    for (const store of this.#stores) {
      try {
        answers.push([store, ask(store, key as string)]);
      } catch (error) {
        console.warn(`waymark: cannot ${what} "${String(key)}"`, error);
      }
    }
    return answers;
  }

  /** The first value there is, or `null`. */
  get<K extends keyof Data>(key: K): Data[K] | null {
    const all = this.#each("get", key, (store, it) => store.get(it));
    return (all.filter(([, value]) => value != null)[0]?.[1] ?? null) as
      Data[K] | null;
  }

  /** Keeps a value in every store. */
  set<K extends keyof Data>(key: K, value: Data[K] | null): void {
    this.#each("set", key, (store, it) => store.set(it, value));
  }

  /** Forgets a value in every store. */
  clear<K extends keyof Data>(key: K): void {
    this.#each("remove", key, (store, it) => store.remove(it));
  }

  /** Returns the first value found, and writes it to every store. */
  getAndSync<K extends keyof Data>(key: K): Data[K] | null {
    const value = asText(this.get(key));
    this.set(key, value);
    return value;
  }

  /** The same, but a cookie's value comes first, and empty text does not count. */
  getConsistent<K extends keyof Data>(key: K): Data[K] | null {
    const all = this.#each("get", key, (store, it) => store.get(it));
    const there = all.filter(([, value]) => value != null && value !== "");
    const [, found = null] =
      there.filter(([store]) => CARRIES in store)[0] ?? there[0] ?? [];
    const value = asText(found as Data[K] | null);
    this.set(key, value);
    return value;
  }
}
