// @ts-check
// Requests to a gateway, and what their failures mean.
import { Failure } from "./failure.mjs";

/** How long an answer may take, in milliseconds: the gateway gives up on a slow disk earlier. */
const ANSWER_MAX_MS = 10_000;
/** How much of an answer is read, in characters: far more than the gateway writes. */
const ANSWER_MAX_CHARS = 64 * 1024;

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {Record<string, unknown> | undefined} json the body, if it is an object in JSON
 * @property {number} sentMs when the request began, in milliseconds since 1970
 * @property {number} answeredMs when the answer began
 */

/** The header that names a key. @param {string} key */
export const authorization = (key) =>
  `Basic ${Buffer.from(`${key}:`).toString("base64")}`;

/**
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: string }} [init]
 * @returns {Promise<Answer>} redirects too: they are never followed
 * @throws {Failure} when there is no answer
 */
export async function ask(url, init = {}) {
  const sentMs = Date.now();
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    const answeredMs = Date.now();
    const { status, headers } = response;
    const json = objectIn(await beginning(response));
    return { status, headers, json, sentMs, answeredMs };
  } catch (error) {
    throw new Failure(`${new URL(url).origin} ${whyNoAnswer(error)}`);
  }
}

/** The beginning of a body. @param {Response} response */
async function beginning(response) {
  let text = "";
  const decoder = new TextDecoder();
  const body = /** @type {AsyncIterable<Uint8Array> | null} */ (response.body);
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_MAX_CHARS) break;
  }
  return text;
}

/** @param {string} text @returns {Record<string, unknown> | undefined} */
function objectIn(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What to say of an error's code, as Node.js gives it. @type {[RegExp, string][]} */
const CAUSES = [
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    "has no address: check the name, and that DNS knows it",
  ],
  [
    /^ECONNREFUSED$/,
    "refuses connections: is the gateway running, and is this the port of its `listen`?",
  ],
  [
    /^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/,
    "ended the connection: is it HTTP that listens there, and not HTTPS, or the other way round?",
  ],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    "cannot be reached: check the network, and that a firewall lets this port through",
  ],
  [
    /^(ERR_SSL_|EPROTO)/,
    "does not speak TLS: use http://, or put a proxy with TLS before the gateway",
  ],
  [
    /(CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_)/,
    "has a certificate that is not accepted: renew it, give it this name, or name its authority in NODE_EXTRA_CA_CERTS",
  ],
];

/** @param {unknown} error */
function whyNoAnswer(error) {
  const { name, cause } =
    /** @type {{ name?: string, cause?: { code?: string, message?: string, errors?: { code?: string }[] } }} */ (
      error
    );
  if (name === "TimeoutError") {
    return `did not answer within ${ANSWER_MAX_MS / 1000} s: check that it is the gateway, and its disk`;
  }
  const code = cause?.code ?? cause?.errors?.[0]?.code ?? "";
  const known = CAUSES.find(([codes]) => codes.test(code));
  return known
    ? `${known[1]} (${code})`
    : `did not answer: ${cause?.message ?? String(error)}`;
}

/**
 * Why an answer is no success of the API, or nothing if it is one.
 *
 * @param {Answer} answer
 * @returns {string | undefined}
 */
export function refusal({ status, headers, json }) {
  if (status >= 300 && status < 400) {
    const to = headers.get("location") ?? "another address";
    return `redirects to ${to}: use the address that it leads to`;
  }
  const code = typeof json?.code === "string" ? json.code : undefined;
  if (status === 200 && json?.success === true) return undefined;
  if (!code) {
    return status === 404 || status === 405
      ? `answers ${status}: there is no API at this path; is it the address of \`listen\`?`
      : `answers ${status} without the API's JSON: it is no gateway, or a proxy before it answers`;
  }
  const said = `${status} ${code}: ${String(json?.message)}`;
  const after = headers.get("retry-after");
  return after ? `${said}; try again in ${after} s` : said;
}
