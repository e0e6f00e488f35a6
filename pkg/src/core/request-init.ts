import type { DeliveryConfig } from "../model/delivery";
import type { Answer, Init } from "./answer";
import { request } from "./request";
import { turnedAway } from "./turned-away";

/** An answer, as the core reads it. */
type Read = Pick<Answer, "headers" | "redirected" | "status"> & {
  text: () => Promise<void>;
  turnedAway?: string | undefined;
};

/** The page's headers; functions among them are called for each request. */
function headersOf(given: DeliveryConfig["headers"]): Record<string, string> {
  const headers = typeof given === "function" ? given() : (given ?? {});
  const made: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name]!;
    made[name] = typeof value === "function" ? value() : value;
  }
  return made;
}

/** Adds the page's own members to a request; without headers, as those cost a preflight. */
function prepare(init: Init, config: DeliveryConfig): void {
  const { credentials, headers, keepalive, priority } = config;
  if (credentials) init.credentials = credentials;
  if (priority) init.priority = priority;
  if (keepalive) init.keepalive = true;
  if (headers) {
    // The type that Segment's client sends; the page's headers may replace it.
    init.headers = { "Content-Type": "text/plain", ...headersOf(headers) };
  }
}

/**
 * A function that sends the core's requests, each with the page's own members, and reads what the
 * answers say of the events; see `requests_by` in src/engine.rs.
 */
export function sender(config: DeliveryConfig = {}) {
  return async (url: string, init: Init, detour: boolean): Promise<Read> => {
    const { body } = init;
    try {
      prepare(init, config);
    } catch {
      // An error in the page's own code must not stop delivery.
    }
    const answer = await request(url, init, detour);
    const { headers, redirected, status } = answer;
    const read: Read = {
      headers,
      redirected,
      status,
      text: async () => {
        read.turnedAway = await turnedAway(answer, body as string);
      },
    };
    return read;
  };
}
