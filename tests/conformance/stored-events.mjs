// @ts-check
// The events that a Segment server would store from a request.

/**
 * @typedef {object} Stored
 * @property {any} event as it would be stored, without the request's own members
 * @property {string | null} writeKey the key of its source, wherever the request has it
 * @property {string} sentAt
 */

/** The user of a basic authorization. @param {string | undefined} header */
function basicUser(header) {
  const encoded = /^Basic (.*)$/.exec(header ?? "")?.[1];
  if (!encoded) return null;
  return Buffer.from(encoded, "base64").toString().split(":")[0] || null;
}

/**
 * @param {import("./server.mjs").Seen} seen
 * @returns {Stored[]} in the order of the request
 * @throws {SyntaxError} when the body is not JSON
 */
export function storedEvents(seen) {
  const body = JSON.parse(seen.body);
  const events = Array.isArray(body.batch) ? body.batch : [body];
  const fallback = body.writeKey ?? basicUser(seen.headers.authorization);
  return events.map((/** @type {any} */ whole) => {
    const { writeKey, sentAt, ...event } = whole;
    return {
      event,
      writeKey: writeKey ?? fallback,
      sentAt: sentAt ?? body.sentAt,
    };
  });
}
