/** Requests from a page whose `fetch` may be missing, replaced or wrapped by other code. */
import type { Answer, Init } from "./answer";

/** Whether the page's `fetch` gives something else than an answer. */
let isBroken = false;

/** A `fetch` that no code of the page has changed, once it was needed and could be had. */
let untouched: ((url: string, init: Init) => Promise<Answer>) | undefined;

/** Sends the page's requests by other ways than its `fetch`, which gives no answer. */
export function leaveFetch(): void {
  isBroken = true;
}

/** The HTTP status; 0 if this is no readable answer. */
function statusOf(answer: Answer | undefined): number {
  try {
    return Number(answer?.status) || 0;
  } catch {
    return 0; // A Proxy of a Response.
  }
}

/**
 * Sends a request by `fetch` or, if that is missing or gives no answer, by XMLHttpRequest. With
 * `detour` it goes by a `fetch` that no code of the page has changed, else by XMLHttpRequest.
 * Rejects if there is no readable answer.
 */
export async function request(
  url: string,
  init: Init = {},
  detour = false,
): Promise<Answer> {
  // Code that wraps `fetch` may look for its members without looking for it.
  init.headers ??= {};
  if (!isBroken && !detour) {
    let sent: Promise<Answer> | undefined;
    try {
      sent = fetch(url, init);
    } catch {
      // XMLHttpRequest is next.
    }
    if (typeof sent?.then === "function") {
      const answer = await sent;
      if (statusOf(answer)) return answer;
    }
    isBroken = true;
  }
  // XMLHttpRequest does not outlive the page.
  if (!detour || !untouched) init.keepalive = false;
  const { byXhr, untouchedFetch } = await import("./other-ways");
  if (!detour) return byXhr(url, init);
  untouched ??= untouchedFetch();
  return (untouched ?? byXhr).call(globalThis, url, init);
}
