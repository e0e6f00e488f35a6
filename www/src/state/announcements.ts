import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

/** Announces a text to screen readers. */
export function announce(text: string): void {
  // A screen reader does not repeat a text that is set twice.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

/** The latest announcement. */
export function useAnnouncement(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
}
