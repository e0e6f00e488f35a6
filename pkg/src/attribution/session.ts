import { SESSION_IDLE_MS, SESSION_MAX_MS } from "./limits";

/** A session as stored. */
export interface KeptSession {
  id: string;
  /** Its place among the visitor's sessions, from 1. */
  number: number;
  /** Milliseconds since 1970. */
  startedMs: number;
  /** The time of its last call, in milliseconds since 1970. */
  seenMs: number;
}

/**
 * The session of a call at `nowMs`: the stored one, unless it was idle for 30 minutes or has
 * lasted for 24 hours. Then a new one begins, with an id from `makeId`. Setting the clock back
 * does not end a session.
 */
export function sessionAt(
  kept: KeptSession | undefined,
  nowMs: number,
  makeId: () => string,
): KeptSession {
  const isOver =
    !kept ||
    nowMs - kept.seenMs >= SESSION_IDLE_MS ||
    nowMs - kept.startedMs >= SESSION_MAX_MS;
  if (!isOver) return { ...kept, seenMs: Math.max(kept.seenMs, nowMs) };
  const number = (kept?.number ?? 0) + 1;
  return { id: makeId(), number, startedMs: nowMs, seenMs: nowMs };
}
