// @ts-check
// Everything that is not compared, each with its reason.

/** @typedef {import("./scenario.mjs").Outcome} Outcome */

/** Members of `context` that are removed. */
const CONTEXT_IGNORED = {
  library: "each library names itself; that it does is checked here",
};

/** Members of an event that are removed, unless a scenario asks for them. */
const EVENT_IGNORED = {
  _metadata:
    "names the bundled destinations; compared where a scenario says `metadata`",
};

/** Keys of localStorage that are not compared. */
const STORAGE_IGNORED = [
  {
    key: /^persisted-queue:/,
    why: "the queue of Segment's client; ours is in IndexedDB",
  },
  { key: /^waymark[:.-]/, why: "Waymark's own state" },
];

/** Request headers that are compared, where requests are compared; browsers set the others. */
const HEADERS_COMPARED = [
  "content-type",
  "authorization",
  "x-retry-count",
  "3-custom",
  "x-custom",
];

/** Message ids of both libraries; each becomes `<message 1>`, `<message 2>` by identity. */
const MESSAGE_ID = /ajs-next-\d{13}-[0-9a-f-]{36}/g;
/** Anonymous ids; each becomes `<anonymous 1>` … by identity. */
const UUID =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** Times; those of the run itself become `<now>`, others are the scenario's and stay. */
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** Milliseconds that the pages' ticking clock may run ahead of ours. */
const AHEAD_MS = 60_000;
const DAY_S = 86_400;

/**
 * Turns a run's observations into the outcome that is compared.
 *
 * @param {{ value: unknown, log: any, cookies: any[], storage: Record<string, string> | null,
 *   received: import("./stored-events.mjs").Stored[], errors: string[], problems: string[],
 *   console: string[], requests: import("./server.mjs").Seen[] }} seen
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {number} begunMs when the run began
 * @returns {Outcome}
 */
export function normalise(seen, scenario, begunMs) {
  const problems = [...seen.problems];
  const ids = new Set();
  const first = seen.received.filter(({ event }) => {
    const repeated = ids.has(event.messageId);
    ids.add(event.messageId);
    return !repeated;
  });
  const events = first
    .map((stored) => storedEvent(stored, scenario, problems))
    .sort((one, other) => madeAtMs(one) - madeAtMs(other));
  if (scenario.unordered) events.sort(byText);
  const whole = {
    events,
    value: seen.value,
    log: seen.log,
    ...(scenario.stateless
      ? { cookies: [], storage: null }
      : { cookies: cookies(seen.cookies), storage: storage(seen.storage) }),
    errors: seen.errors,
    ...(scenario.console && { console: seen.console }),
    ...(scenario.requests && { requests: seen.requests.map(request) }),
  };
  const named = /** @type {typeof whole} */ (naming(whole, begunMs));
  return { ...named, problems, repeats: seen.received.length - first.length };
}

/**
 * @param {import("./stored-events.mjs").Stored} stored
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {string[]} problems
 */
function storedEvent({ event, writeKey, sentAt }, scenario, problems) {
  const kept = { ...event, writeKey };
  if (!event.context?.library?.name && !scenario.metadata) {
    problems.push("an event does not say which library made it");
  }
  if (!(Date.parse(sentAt) > 0)) problems.push(`sentAt is ${sentAt}`);
  return withoutIgnored(kept, scenario.metadata);
}

/**
 * @param {any} event
 * @param {boolean} [metadata] whether that is kept
 */
function withoutIgnored(event, metadata = false) {
  const kept = { ...event };
  if (!metadata) {
    for (const name of Object.keys(EVENT_IGNORED)) delete kept[name];
  }
  if (kept.context) {
    kept.context = { ...kept.context };
    for (const name of Object.keys(CONTEXT_IGNORED)) delete kept.context[name];
  }
  return kept;
}

/** When an event was made, by its id, whatever its timestamp. @param {any} event */
function madeAtMs({ messageId, timestamp }) {
  const inId = /^ajs-next-(\d{13})-/.exec(messageId)?.[1];
  return Number(inId ?? Date.parse(timestamp)) || 0;
}

/** @param {any} one @param {any} other */
function byText(one, other) {
  const key = (/** @type {any} */ { type, event, userId, properties }) =>
    JSON.stringify([type, event, userId, properties]);
  return key(one) < key(other) ? -1 : 1;
}

/** By this cookie Segment's client finds the widest domain; it lives for a moment. */
const PROBE_COOKIE = "__tld__";

/** Cookies by name, with their lifetimes in days. @param {any[]} all */
function cookies(all) {
  const now = Date.now() / 1000;
  return all
    .filter(({ name }) => name !== PROBE_COOKIE)
    .map(({ expires, ...cookie }) => ({
      ...cookie,
      days: expires < 0 ? "session" : Math.round((expires - now) / DAY_S),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** @param {Record<string, string> | null} all */
function storage(all) {
  if (!all) return null;
  const entries = Object.entries(all).filter(
    ([name]) => !STORAGE_IGNORED.some(({ key }) => key.test(name)),
  );
  return Object.fromEntries(entries.sort());
}

/** @param {import("./server.mjs").Seen} seen */
function request({ method, path, headers, status }) {
  const kept = HEADERS_COMPARED.map((name) => [name, headers[name]]);
  return {
    method,
    path,
    status: status ?? null,
    headers: Object.fromEntries(kept.filter(([, value]) => value)),
  };
}

/**
 * Replaces ids and times in every text, in the order of the outcome's members.
 *
 * @param {unknown} outcome
 * @param {number} begunMs
 */
function naming(outcome, begunMs) {
  const messages = identities("message");
  const anonymous = identities("anonymous");
  const endMs = Date.now() + AHEAD_MS;
  const time = (/** @type {string} */ text) => {
    const atMs = Date.parse(text);
    return atMs >= begunMs && atMs <= endMs ? "<now>" : text;
  };
  /** @param {any} value @returns {any} */
  const walk = (value) => {
    if (typeof value === "string") {
      return value
        .replace(MESSAGE_ID, messages)
        .replace(UUID, anonymous)
        .replace(ISO_TIME, time);
    }
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(walk);
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, one]) => [
        key,
        walk(key === "<context>" ? withoutIgnored(one) : one),
      ]),
    );
  };
  // Sorted, so that the order of members does not decide the numbering.
  return walk(sorted(outcome));
}

/** @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const order = (/** @type {string} */ key) => (key === "events" ? "" : key);
  const keys = Object.keys(value).sort((one, other) =>
    order(one) < order(other) ? -1 : 1,
  );
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/** @param {string} kind */
function identities(kind) {
  /** @type {Map<string, string>} */
  const names = new Map();
  return (/** @type {string} */ id) => {
    const name = names.get(id) ?? `<${kind} ${names.size + 1}>`;
    names.set(id, name);
    return name;
  };
}
