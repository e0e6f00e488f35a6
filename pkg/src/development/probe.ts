import { PROBE_MAX_MS } from "../base/limits";
import type { Answer } from "../core/answer";

const HOST = 'integrations["Segment.io"].apiHost';

/** Asks as events are sent, with no event. Undefined if there is no readable answer. */
async function ask(
  url: string,
  init: RequestInit = {},
): Promise<Response | undefined> {
  try {
    const signal = AbortSignal.timeout(PROBE_MAX_MS);
    return await fetch(url, { cache: "no-store", signal, ...init });
  } catch {
    return undefined;
  }
}

/** Whether anything answers at an address, readable or not. */
const answers = async (url: string) =>
  (await ask(url, { mode: "no-cors" })) !== undefined;

/** Lets the browser tell what it has to tell; without a timer, as those of hidden pages are slow. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(undefined);
  });
}

/** Whether the page's policy forbids requests to an address; asks it. */
async function isForbidden(url: string): Promise<boolean> {
  let found = false;
  const note = ({ blockedURI }: SecurityPolicyViolationEvent) => {
    found ||= url.startsWith(blockedURI);
  };
  addEventListener("securitypolicyviolation", note);
  await ask(url, { mode: "no-cors" });
  await turn();
  removeEventListener("securitypolicyviolation", note);
  return found;
}

/** What an answer says, and what to do. */
async function ofAnswer(answer: Answer, url: string): Promise<string> {
  const { status } = answer;
  const kind = answer.headers.get("content-type") ?? "";
  if (status === 404 || answer.redirected || kind.startsWith("text/html")) {
    const what = kind.startsWith("text/html")
      ? "a page of HTML"
      : `HTTP ${status}`;
    return `${url} answers with ${what}, so it is not the API: correct ${HOST}, host and path, such as "api.segment.io/v1"`;
  }
  const code = /"code":\s*"(\w+)"/.exec(await answer.text())?.[1];
  const said = code ? `${status} (${code})` : String(status);
  if (status === 401) {
    return `the server answers ${said}, as it does not know the write key: give load() the source's own`;
  }
  if (status === 403) {
    return `the server answers ${said}: allow the page's origin, ${location.origin}, for the source`;
  }
  if (status === 429 || status >= 500) {
    return `the server answers ${said}: events wait and are sent again, so look at the server`;
  }
  return `but the server answers a question now with ${said}: look at analytics.delivery() and at the requests to ${url} in the browser's network tab`;
}

/** Why there is no readable answer, and what to do. */
async function ofSilence(url: string): Promise<string> {
  const { host, origin, protocol } = new URL(url);
  if (!navigator.onLine) return "the browser is offline";
  if (protocol === "http:" && location.protocol === "https:") {
    return `the browser asks no http address (${origin}) from an https page: set protocol: "https" beside ${HOST}`;
  }
  if (await isForbidden(url)) {
    return `the page's Content-Security-Policy forbids requests to ${origin}: add it to connect-src`;
  }
  if (await answers(url)) {
    return `${host} answers, but does not let this page read it (CORS): if ${HOST} is right, allow the origin ${location.origin} there`;
  }
  if (await answers(origin)) {
    return `${host} answers, but requests to ${url} are blocked in the browser: switch off the extension (an ad blocker, say) for this page, or send to a host and path of the shop's own`;
  }
  return `no server can be reached at ${host}: see that ${HOST} is right (DNS), that the server runs, and that no extension blocks the host`;
}

/** Asks the API why it takes no event; the question has none. */
export async function whyNotTaken(
  url: string,
  writeKey: string,
): Promise<string> {
  const body = JSON.stringify({ batch: [], writeKey });
  const answer = await ask(url, { method: "POST", body });
  return answer ? ofAnswer(answer, url) : ofSilence(url);
}
