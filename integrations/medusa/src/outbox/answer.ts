/** What a gateway's answer says about a batch. */
import { RETRY_AFTER_MAX_MS } from "../limits";

/** An answer, as far as it is looked at. */
export interface Answer {
  status: number;
  body: string;
  /** The header `Retry-After`. */
  retryAfter: string | null;
}

/** An event that the gateway turned away inside a 200, by its place in the batch. */
export interface Rejection {
  index: number;
  reason: string;
}

/**
 * The fate of a batch: taken but for its rejections; refused as a whole, so that fewer may do; or
 * to be tried again, as it says nothing about the events.
 */
export type Verdict =
  | { fate: "taken"; rejected: Rejection[] }
  | { fate: "refused"; reason: string }
  | { fate: "later"; reason: string; waitMs?: number };

/** Statuses that speak about the body, as the SDK's core has them. */
const ABOUT_THE_BODY: readonly number[] = [400, 413, 422];

/** The wait that a `Retry-After` asks for, in seconds or as a date, in milliseconds. */
function waitOf(retryAfter: string | null, now: number): number | undefined {
  if (!retryAfter?.trim()) return undefined;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds)
    ? Date.parse(retryAfter) - now
    : seconds * 1000;
  return Number.isFinite(ms)
    ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS)
    : undefined;
}

/** The body as an object, or `undefined`. */
function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The rejections that a 200 lists, those that name an event of the batch. */
function rejectionsIn(said: Record<string, unknown>, count: number) {
  const listed = Array.isArray(said.rejected) ? said.rejected : [];
  const rejections: Rejection[] = [];
  for (const one of listed as Record<string, unknown>[]) {
    const index = one?.index;
    if (typeof index !== "number" || index < 0 || index >= count) continue;
    const parts = [one.code, one.message].filter((x) => typeof x === "string");
    rejections.push({ index, reason: parts.join(": ") || "rejected" });
  }
  return rejections;
}

/**
 * Reads an answer to a batch of `count` events. Only a 2xx of the API acknowledges: a proxy's page
 * does not.
 */
export function verdictOf(answer: Answer, count: number, now: number): Verdict {
  const { status, body } = answer;
  const said = objectIn(body);
  if (status >= 200 && status < 300) {
    if (said?.success === true) {
      return { fate: "taken", rejected: rejectionsIn(said, count) };
    }
    return { fate: "later", reason: `${status} that is not the API's` };
  }
  const told = typeof said?.message === "string" ? `: ${said.message}` : "";
  const reason = `${status}${told}`.slice(0, 300);
  if (ABOUT_THE_BODY.includes(status)) return { fate: "refused", reason };
  const waitMs = waitOf(answer.retryAfter, now);
  return { fate: "later", reason, ...(waitMs !== undefined && { waitMs }) };
}
