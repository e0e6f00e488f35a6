// @ts-check
// `waymark doctor`: checks a gateway step by step, and says for each failure what to do.
import { randomUUID } from "node:crypto";
import { GATEWAY_FLAGS, gatewayOf, readArguments } from "./arguments.mjs";
import { Failure, UsageError } from "./failure.mjs";
import { ask, authorization, refusal } from "./request.mjs";

/**
 * How far two clocks may be apart, in milliseconds: an event from further ahead than five minutes
 * loses its own time (docs/gateway.md), so this leaves time to mend it.
 */
const CLOCKS_APART_MAX_MS = 60_000;

/** @typedef {import("./arguments.mjs").Gateway & { origin?: string | undefined }} Patient */
/**
 * A check gives what it found. It throws a {@link Failure} that says what to do.
 *
 * @typedef {(patient: Patient) => Promise<string>} Check
 */

/** @param {string[]} args */
export async function doctor(args) {
  const { values, positionals } = readArguments(args, {
    ...GATEWAY_FLAGS,
    origin: { type: "string" },
    "no-event": { type: "boolean" },
  });
  if (positionals.length > 1) {
    throw new UsageError(`doctor does not take ${positionals[1]}`);
  }
  const host = positionals[0] ?? values.host;
  const { origin } = values;
  const patient = { ...gatewayOf({ host, key: values.key }), origin };
  /** @type {[name: string, check: Check | string][]} */
  const rest = [
    ["clock", clock],
    ["cors", origin ? cors : "no page's --origin is given"],
    ["key", key],
    ["event", values["no-event"] ? "--no-event" : roundTrip],
  ];
  let failed = !(await checked("host", reachable, patient));
  // Without a host, or a key, there is nothing to learn from what follows.
  let skipped = failed ? "the host has to work first" : "";
  for (const [name, check] of rest) {
    const passed = await checked(name, skipped || check, patient);
    failed ||= !passed;
    if (name === "key" && !passed) skipped = "the key has to work first";
  }
  if (failed) throw new Failure("not all is well with the gateway, see above");
}

/**
 * Runs a check and prints its line.
 *
 * @param {string} name
 * @param {Check | string} check or why there is none
 * @param {Patient} patient
 */
async function checked(name, check, patient) {
  const line = (/** @type {string} */ result, /** @type {string} */ found) =>
    process.stdout.write(`${result.padEnd(8)}${name.padEnd(7)}${found}\n`);
  if (typeof check === "string") {
    line("skipped", check);
    return true;
  }
  try {
    line("ok", await check(patient));
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    line("FAILED", error.message);
    return false;
  }
}

/** @type {Check} */
async function reachable({ url }) {
  const health = await ask(`${url}/health`);
  if (health.json?.status !== "ok") {
    const why = refusal(health) ?? "is no Waymark gateway";
    throw new Failure(`${url} ${why}`);
  }
  const ready = await ask(`${url}/ready`);
  if (ready.json?.ready !== true) {
    throw new Failure(
      `${url} cannot write its database: look at the disk's room, the file's owner, and the gateway's log`,
    );
  }
  return `${url} can take events`;
}

/** @type {Check} */
async function clock({ url }) {
  const { headers, sentMs, answeredMs } = await ask(`${url}/health`);
  const theirs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return "the answers have no time to compare with";
  // The header has whole seconds, the beginning of which may be up to a second ago.
  const apart =
    theirs > answeredMs
      ? theirs - answeredMs
      : Math.max(0, sentMs - theirs - 1000);
  if (apart > CLOCKS_APART_MAX_MS) {
    const seconds = Math.round(apart / 1000);
    const which = theirs > answeredMs ? "behind" : "ahead of";
    throw new Failure(
      `this machine's clock is ${seconds} s ${which} the gateway's: set the wrong one of them by NTP`,
    );
  }
  return "this machine's clock and the gateway's agree";
}

/** @type {Check} */
async function cors({ url, key: writeKey, origin = "" }) {
  const own = URL.canParse(origin) ? new URL(origin).origin : "null";
  if (own === "null" || own !== origin) {
    throw new Failure(
      `${origin} is no origin: it is scheme, host and port alone, such as ${own === "null" ? "https://shop.example" : own}`,
    );
  }
  const preflight = await ask(`${url}/v1/batch`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
  const { status, headers } = preflight;
  const allowed = headers.get("access-control-allow-origin");
  if (preflight.json?.code === "origin_not_allowed") throw notAllowed(origin);
  if (status < 200 || status > 299 || allowed !== origin) {
    throw new Failure(
      `the preflight of ${origin} is answered ${status} with Access-Control-Allow-Origin ${allowed ?? "missing"}: let the proxy pass OPTIONS and these headers through`,
    );
  }
  // The preflight has no key: only a request is checked against its own source.
  const { json } = await ask(`${url}/v1/batch`, emptyBatch(writeKey, origin));
  if (json?.code === "origin_not_allowed") throw notAllowed(origin);
  return `pages of ${origin} may send`;
}

/** @param {string} origin */
const notAllowed = (origin) =>
  new Failure(
    `pages of ${origin} are refused: add "${origin}" to allowed_origins of the key's source, and have the gateway reload it (waymark-gateway reload)`,
  );

/** @type {Check} */
async function key({ url, key: writeKey }) {
  const answer = await ask(`${url}/v1/batch`, emptyBatch(writeKey));
  if (answer.json?.code === "unknown_write_key") {
    throw new Failure(
      "the key belongs to no source: add it to the keys of a source, and have the gateway reload it (waymark-gateway reload), or use one that is there",
    );
  }
  const why = refusal(answer);
  if (why) throw new Failure(`${url} ${why}`);
  return "the gateway knows the key";
}

/**
 * A request that is checked and stores nothing.
 *
 * @param {string} writeKey
 * @param {string} [origin]
 */
const emptyBatch = (writeKey, origin) => ({
  method: "POST",
  headers: {
    ...(origin ? { origin } : undefined),
    authorization: authorization(writeKey),
    "content-type": "application/json",
  },
  body: '{"batch":[]}',
});

/** @type {Check} */
async function roundTrip({ url, key: writeKey }) {
  const now = new Date();
  const messageId = `doctor-${randomUUID()}`;
  const request = {
    method: "POST",
    headers: {
      authorization: authorization(writeKey),
      "content-type": "application/json",
    },
    body: JSON.stringify({
      anonymousId: "waymark-doctor",
      context: { library: { name: "waymark-cli" } },
      event: "Waymark Doctor",
      // Destinations are not to have it.
      integrations: { All: false },
      messageId,
      sentAt: now,
      timestamp: now,
    }),
  };
  for (const count of ["accepted", "duplicates"]) {
    const answer = await ask(`${url}/v1/track`, request);
    const why = refusal(answer);
    if (why) throw new Failure(`${url} ${why}`);
    if (answer.json?.[count] !== 1) {
      throw new Failure(
        `${url} takes an event, but ${count} is not 1 for it: what answers there is no Waymark gateway`,
      );
    }
  }
  return `"Waymark Doctor" ${messageId} is stored, and counts once when it comes again`;
}
