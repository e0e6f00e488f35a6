// @ts-check
// Reads command lines: flags, the gateway that they or the environment name, and JSON.
import { parseArgs } from "node:util";
import { UsageError } from "./failure.mjs";

/** Flags that name a gateway. */
export const GATEWAY_FLAGS = /** @type {const} */ ({
  host: { type: "string" },
  key: { type: "string" },
});

/**
 * @template {Record<string, { type: "string" } | { type: "boolean" }>} Flags
 * @param {string[]} args
 * @param {Flags} options
 * @throws {UsageError} for an unknown flag, or one without its value
 */
export function readArguments(args, options) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new UsageError(message.split(/\. |\n/)[0] ?? message);
  }
}

/**
 * @typedef {object} Gateway
 * @property {string} url its address, without a slash or `/v1` at its end
 * @property {string} key the write key
 */

/**
 * The gateway that flags or the environment name. There is no default: events must not go
 * somewhere by mistake.
 *
 * @param {{ host?: string | undefined, key?: string | undefined }} flags
 * @returns {Gateway}
 * @throws {UsageError} unless there are both
 */
export function gatewayOf({ host, key }) {
  const { WAYMARK_HOST, WAYMARK_WRITE_KEY, SEGMENT_WRITE_KEY } = process.env;
  const address = host ?? WAYMARK_HOST;
  if (!address) {
    throw new UsageError("no gateway: give --host URL or set WAYMARK_HOST");
  }
  const writeKey = key ?? WAYMARK_WRITE_KEY ?? SEGMENT_WRITE_KEY;
  if (!writeKey) {
    throw new UsageError("no key: give --key KEY or set WAYMARK_WRITE_KEY");
  }
  return { url: addressOf(address), key: writeKey };
}

/** @param {string} text */
function addressOf(text) {
  const example = "such as https://events.shop.example";
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) && new URL(text);
  if (!url) throw new UsageError(`the host ${text} is no address ${example}`);
  if (url.username || url.search || url.hash) {
    throw new UsageError(`the host is an address alone, ${example}`);
  }
  const path = url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
  return `${url.origin}${path}`;
}

/**
 * @param {string} what its name in the command line
 * @param {string} text
 * @returns {Record<string, unknown>}
 * @throws {UsageError} unless it is an object in JSON
 */
export function jsonObject(what, text) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new UsageError(`${what} is no JSON: ${message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${what} must be a JSON object, such as {"price":5}`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}
