/** The core's requests: what the page adds to each, its time limit, and what the answer says. */
import { REQUEST_MAX_MS } from "../base/limits";
import type { DeliveryConfig } from "../model/delivery";
import type { Answer, Init } from "./answer";
import { request } from "./request";
import { setTimer } from "./timer";
import { turnedAway } from "./turned-away";

/** How a request ended; see `answered` in src/engine.rs. */
type Ended = (
  status: number,
  retryAfterMs: number,
  isForeign: boolean,
  turnedAway: string,
) => void;

/** Sends a request; gives whether it outlives the page. `ended` is called once, in a later task. */
export type Post = (
  url: string,
  body: string,
  keepalive: boolean,
  detour: boolean,
  ended: Ended,
) => boolean;

/** The page's headers; functions among them are called for each request. */
function headersOf(given: DeliveryConfig["headers"]): Record<string, string> {
  const headers = typeof given === "function" ? given() : (given ?? {});
  const made: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name]!;
    // A text or a list has numbers for names.
    if (/\D/.test(name)) {
      made[name] = typeof value === "function" ? value() : value;
    }
  }
  return made;
}

/** Whether the browser refuses a request with these members: then each would fail. */
function isRefused(url: string, members: Init): boolean {
  try {
    // A page may have something else in its place, or nothing.
    if (!new Request(url).url) return false;
  } catch {
    return false;
  }
  try {
    new Request(url, members);
    return false;
  } catch {
    return true;
  }
}

/** Adds the page's own members to a request; without headers, as those cost a preflight. */
function prepare(url: string, init: Init, config: DeliveryConfig): void {
  const { credentials, headers, keepalive, priority } = config;
  const own: Init = {};
  if (credentials) own.credentials = credentials;
  if (priority) own.priority = priority;
  if (keepalive) own.keepalive = true;
  if (headers) {
    // The type that Segment's client sends; the page's headers may replace it.
    own.headers = { "Content-Type": "text/plain", ...headersOf(headers) };
  }
  const names = Object.keys(own);
  if (names.length && isRefused(url, own)) return;
  for (const name of names) {
    (init as Record<string, unknown>)[name] = own[name as keyof Init];
  }
}

/** A header of an answer, which may be a polyfill's or a page's own. */
function headerOf(answer: Answer, name: string): string {
  try {
    return answer.headers.get(name) ?? "";
  } catch {
    return "";
  }
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; NaN without one. */
function waitMs(header: string): number {
  return /^\s*\d+\s*$/.test(header)
    ? +header * 1000
    : Date.parse(header) - +new Date();
}

/** A redirect or a page of HTML is not the API's answer. */
function isForeign(answer: Answer): boolean {
  const type = headerOf(answer, "content-type");
  return !type.indexOf("text/html") || !!answer.redirected;
}

/** A function that sends the core's requests, each with the page's own members. */
export function poster(config: DeliveryConfig = {}): Post {
  return (url, body, keepalive, detour, ended) => {
    const init: Init = { method: "POST", body, keepalive };
    let abort = () => {};
    try {
      const controller = new AbortController();
      init.signal = controller.signal;
      abort = () => controller.abort?.();
    } catch {
      // A request that the browser cannot end is left to itself.
    }
    let answer: Answer | undefined;
    let rejected = "";
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(limit);
      abort();
      if (answer) {
        const asked = waitMs(headerOf(answer, "retry-after"));
        ended(answer.status, asked, isForeign(answer), rejected);
      } else ended(0, 0, false, "");
    };
    const limit = setTimer(end, REQUEST_MAX_MS);
    const send = async () => {
      try {
        prepare(url, init, config);
      } catch {
        // An error in the page's own code or values must not stop delivery.
      }
      try {
        answer = await request(url, init, detour);
        rejected = (await turnedAway(answer, body)) ?? "";
      } catch {
        // There is no answer.
      }
      end();
    };
    void send();
    return keepalive && !!init.keepalive;
  };
}
