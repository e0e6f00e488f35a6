// @ts-check
// `waymark identify`, `track`, `page`, `screen`, `group` and `alias`: one event.
import { randomUUID } from "node:crypto";
import {
  GATEWAY_FLAGS,
  gatewayOf,
  jsonObject,
  readArguments,
} from "./arguments.mjs";
import { Failure, UsageError } from "./failure.mjs";
import { ask, authorization, refusal } from "./request.mjs";

/**
 * What stands behind the user: the names of texts, then of a JSON object.
 *
 * @type {Record<string, { texts: string[], needed: number, object?: string }>}
 */
const SHAPES = {
  identify: { texts: [], needed: 0, object: "traits" },
  track: { texts: ["event"], needed: 1, object: "properties" },
  page: { texts: ["name"], needed: 0, object: "properties" },
  screen: { texts: ["name"], needed: 0, object: "properties" },
  group: { texts: ["groupId"], needed: 1, object: "traits" },
  alias: { texts: ["previousId"], needed: 1 },
};
/** What stands in place of the user for a visitor without an account. */
const NO_USER = "-";

/** The calls that there are commands for. */
export const CALLS = Object.keys(SHAPES);

const FLAGS = /** @type {const} */ ({
  ...GATEWAY_FLAGS,
  "anonymous-id": { type: "string" },
  context: { type: "string" },
  "dry-run": { type: "boolean" },
  "message-id": { type: "string" },
  timestamp: { type: "string" },
});

/**
 * @param {string} call one of {@link CALLS}
 * @param {string[]} args
 */
export async function sendEvent(call, args) {
  const { values, positionals } = readArguments(args, FLAGS);
  const event = { ...eventOf(call, positionals), ...commonFields(values) };
  if (!event.userId && !event.anonymousId) {
    throw new UsageError(`${NO_USER} as user needs --anonymous-id ID`);
  }
  const gateway = gatewayOf(values);
  const url = `${gateway.url}/v1/${call}`;
  if (values["dry-run"]) {
    const body = JSON.stringify(event, null, 2);
    process.stdout.write(`POST ${url}\n${body}\n`);
    return;
  }
  // The gateway corrects the time by `sentAt`.
  const body = JSON.stringify({ ...event, sentAt: new Date() });
  const answer = await ask(url, {
    method: "POST",
    headers: {
      authorization: authorization(gateway.key),
      "content-type": "application/json",
    },
    body,
  });
  const why = refusal(answer);
  if (why) throw new Failure(`${new URL(url).origin} ${why}`);
  const repeated = answer.json?.duplicates === 1;
  const outcome = repeated ? "was there already" : "is taken";
  process.stdout.write(`${call} ${event.messageId} ${outcome}\n`);
}

/**
 * What the arguments say.
 *
 * @param {string} call
 * @param {string[]} positionals
 * @returns {Record<string, unknown>}
 */
function eventOf(call, positionals) {
  const { texts, needed, object } = /** @type {typeof SHAPES[string]} */ (
    SHAPES[call]
  );
  const [user, ...rest] = positionals;
  if (!user) throw new UsageError(`${call} needs a user id`);
  /** @type {Record<string, unknown>} */
  const event = user === NO_USER ? {} : { userId: user };
  texts.forEach((name, at) => {
    // Of a page, the name may be left out.
    if (at >= needed && rest[0]?.startsWith("{")) return;
    const text = rest.shift();
    if (text) event[name] = text;
    else if (at < needed) throw new UsageError(`${call} needs ${worded(name)}`);
  });
  const json = object ? rest.shift() : undefined;
  if (object && json !== undefined) event[object] = jsonObject(object, json);
  if (rest.length > 0) {
    throw new UsageError(
      `${call} does not take ${rest[0]}; quote texts with blanks, and JSON`,
    );
  }
  return event;
}

/** @param {string} name of a field */
const worded = (name) =>
  name === "event"
    ? "the event's name"
    : `a ${name === "groupId" ? "group" : "previous"} id`;

/**
 * The fields that any event has.
 *
 * @param {{ [flag in keyof typeof FLAGS]?: string | boolean | undefined }} flags
 * @returns {{ userId?: unknown, anonymousId?: string, messageId: string, timestamp: Date, context: object }}
 */
function commonFields(flags) {
  const text = (/** @type {keyof typeof FLAGS} */ flag) =>
    /** @type {string | undefined} */ (flags[flag]);
  const context = text("context");
  const timestamp = new Date(text("timestamp") ?? Date.now());
  if (Number.isNaN(timestamp.getTime())) {
    throw new UsageError(`--timestamp ${text("timestamp")} is no time`);
  }
  const anonymousId = text("anonymous-id");
  return {
    ...(anonymousId ? { anonymousId } : undefined),
    messageId: text("message-id") || `cli-${randomUUID()}`,
    timestamp,
    context: {
      library: { name: "waymark-cli" },
      ...(context ? jsonObject("--context", context) : undefined),
    },
  };
}
