// @ts-check
// Reads the events of each library's requests: their names and ids.
import { gunzipSync } from "node:zlib";

/**
 * @typedef {object} Sent one event in a request
 * @property {string} name
 * @property {string} id by which its server recognises a repeat
 */

/** @param {Buffer} body */
const unzipped = (body) =>
  body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;

/** JSON, or a form whose `data` is JSON, plain or in base64. @param {Buffer} body @returns {any} */
function parsed(body) {
  const text = unzipped(body).toString();
  if (/^[[{]/.test(text)) return JSON.parse(text);
  const data = new URLSearchParams(text).get("data") ?? "{}";
  const json = /^[[{]/.test(data)
    ? data
    : Buffer.from(data, "base64").toString();
  return JSON.parse(json);
}

/** @param {any} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : [value]);

/** @param {any} event of Segment's API, which RudderStack and Jitsu speak too */
const segmentEvent = ({ event, messageId }) => ({ name: event, id: messageId });

/** @param {string} text of a track that a page holds, as Waymark posts it to its gateway */
function heldCall(text) {
  const [first = "", name = "null"] = text.split("\n");
  return { name: JSON.parse(name), id: first.split(" ")[1] ?? "" };
}

/** @param {any} row of Snowplow's protocol */
function snowplowEvent({ eid, ue_pr: plain, ue_px: coded }) {
  const text = plain ?? Buffer.from(coded ?? "e30", "base64url").toString();
  return { name: JSON.parse(text).data?.data?.event, id: eid };
}

/** How to read the events sent to a path. @type {[RegExp, (body: any) => Sent[]][]} */
const FORMATS = [
  [
    /^\/v1\/calls$/,
    ({ calls }) =>
      calls.map((/** @type {[number, string]} */ [, text]) => heldCall(text)),
  ],
  [/^\/floor$|^\/v1\/b/, ({ batch }) => batch.map(segmentEvent)],
  [
    /^\/v1\/(t|track)$|^\/api\/s\/|^\/v1\/batch$/,
    (body) => list(body.batch ?? body).map(segmentEvent),
  ],
  [/^\/com\.snowplow/, ({ data }) => data.map(snowplowEvent)],
  [
    /^\/(e|i\/v0\/e|batch|capture)\/$/,
    (body) =>
      list(body.batch ?? body).map(({ event, uuid }) => ({
        name: event,
        id: uuid,
      })),
  ],
  [
    /^\/2\/httpapi$/,
    ({ events }) =>
      events.map((/** @type {any} */ { event_type: name, insert_id: id }) => ({
        name,
        id,
      })),
  ],
  [
    /^\/track\/$/,
    (body) =>
      list(body).map(({ event, properties }) => ({
        name: event,
        id: properties.$insert_id,
      })),
  ],
];

/**
 * The events of a request.
 *
 * @param {string} path without its query
 * @param {Buffer} body
 * @returns {Sent[] | null} null for a path that carries no events
 */
export function eventsOf(path, body) {
  const format = FORMATS.find(([pattern]) => pattern.test(path));
  if (!format || body.length === 0) return null;
  try {
    return format[1](parsed(body)).filter(({ name }) => name !== undefined);
  } catch {
    return null;
  }
}

/** RudderStack's settings: a source without destinations. */
const RUDDERSTACK_SOURCE = {
  source: {
    id: "bench",
    name: "bench",
    writeKey: "bench",
    enabled: true,
    workspaceId: "bench",
    config: {
      statsCollection: {
        errors: { enabled: false },
        metrics: { enabled: false },
      },
    },
    destinations: [],
    dataplanes: {},
  },
};

/**
 * The answer that a library expects from its own server.
 *
 * @param {string} path without its query
 * @param {number} events in the request
 * @returns {object}
 */
export function answerTo(path, events) {
  if (/settings$/.test(path)) {
    const integrations = { "Segment.io": { apiKey: "bench" } };
    return { integrations, plan: {}, edgeFunction: {} };
  }
  if (/sourceConfig/.test(path)) return RUDDERSTACK_SOURCE;
  if (/httpapi/.test(path)) return { code: 200, events_ingested: events };
  if (/^\/track\//.test(path)) return { status: 1, error: null };
  return { success: true, ok: true, status: 1 };
}
