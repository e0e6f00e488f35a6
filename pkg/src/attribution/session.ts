import { SESSION_IDLE_MS, SESSION_MAX_MS } from "./limits";

/** A session as it is kept. */
export interface KeptSession {
  id: string;
  /** The visitor's how manieth it is, from 1. */
  number: number;
  /** Milliseconds since 1970. */
  startedMs: number;
  /** When the last call of it was made, in milliseconds since 1970. */
  seenMs: number;
}

/**
 * The session of a call at `nowMs`: the one that is kept, unless it was idle for 30 minutes or
 * has lasted for 24 hours. A clock that was set back ends no session; `makeId` names a new one.
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
