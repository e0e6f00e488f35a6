import { useSyncExternalStore } from "react";

/** A value kept in localStorage, shared by all tabs of the shop. */
export type Store<T> = {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
};

/**
 * Opens the store under `key`. `read` turns the stored JSON into a value and must accept
 * anything: another version of the shop or a curious visitor may have written it. If the browser
 * refuses storage, the value lives as long as the page.
 */
export function openStore<T>(
  key: string,
  read: (found: unknown) => T,
): Store<T> {
  let value = read(load(key));
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  addEventListener("storage", (event) => {
    if (event.key !== key && event.key !== null) return;
    value = read(load(key));
    notify();
  });
  return {
    get: () => value,
    set: (next) => {
      value = next;
      save(key, next);
      notify();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value. The component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

function load(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is refused or full: the value stays in memory.
  }
}
