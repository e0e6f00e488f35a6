import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

/** Says something to people who listen to the page rather than look at it. */
export function announce(text: string): void {
  // A screen reader stays silent when the same words are set again.
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
