/** One entry of the list: a message of the stream, ready to be shown and filtered. */
import { PREVIEW_CHARS_MAX } from "./limits.js";

/**
 * @typedef {object} Entry
 * @property {string} key identifies the message, however often the stream repeats it
 * @property {number} seq its number among the stored, or 0
 * @property {boolean} rejected
 * @property {string} source
 * @property {Date} time when the gateway received it
 * @property {string} type `track`, `page`, …, or `rejected`
 * @property {string} name
 * @property {string | null} userId
 * @property {string | null} anonymousId
 * @property {string | null} messageId
 * @property {boolean} duplicate
 * @property {boolean} supersedes whether it superseded a browser's event
 * @property {string | null} planProblems what the tracking plan has to say against it
 * @property {string} preview the start of its properties, or why it was rejected
 * @property {string} reason why it was rejected
 * @property {string} text the stream's JSON, or the rejected text
 * @property {string} haystack more text for the filters, in lower case: a rejected event has no
 *   name and user of its own
 * @property {HTMLLIElement | null} row its row while it has one
 */

/**
 * @param {string} text data of a `stored` message
 * @returns {Entry}
 */
export function storedEntry(text) {
  const data = JSON.parse(text);
  const event = data.event ?? {};
  const details = event.properties ?? event.traits ?? {};
  const preview = JSON.stringify(details);
  return {
    ...commonFields(data.duplicate ? "duplicate" : "stored", data),
    seq: Number(data.seq) || 0,
    rejected: false,
    type: String(data.type),
    name: nameOf(data, event, details),
    userId: data.userId ?? null,
    anonymousId: data.anonymousId ?? null,
    messageId: data.messageId ?? null,
    duplicate: data.duplicate === true,
    supersedes: typeof data.supersedes === "number",
    planProblems: data.planProblems ?? null,
    preview: preview === "{}" ? "" : preview.slice(0, PREVIEW_CHARS_MAX),
    reason: "",
    text,
    haystack: "",
  };
}

/**
 * @param {string} text data of a `rejected` message
 * @returns {Entry}
 */
export function rejectedEntry(text) {
  const data = JSON.parse(text);
  const raw = String(data.raw ?? "");
  const reason = String(data.message ?? "");
  return {
    ...commonFields("rejected", data),
    seq: 0,
    rejected: true,
    type: "rejected",
    name: String(data.code ?? "rejected"),
    userId: null,
    anonymousId: null,
    messageId: null,
    duplicate: false,
    supersedes: false,
    planProblems: null,
    preview: reason,
    reason,
    text: raw,
    haystack: `${reason}\n${raw}`.toLowerCase(),
  };
}

/**
 * @param {string} kind
 * @param {any} data
 */
function commonFields(kind, data) {
  return {
    key: `${kind} ${data.seq} ${data.receivedAt}`,
    source: String(data.source ?? ""),
    time: new Date(data.receivedAt),
    row: null,
  };
}

/**
 * The event's title: its name, or the best substitute for its type.
 *
 * @param {any} data
 * @param {any} event
 * @param {any} details its properties or traits
 * @returns {string}
 */
function nameOf(data, event, details) {
  const { type, name } = data;
  if (type === "page") {
    const parts = [event.category, name].filter(Boolean).map(String);
    return parts.join(" · ") || String(details.path ?? "unnamed page");
  }
  if (name) return String(name);
  if (type === "identify") {
    return String(details.email ?? data.userId ?? "anonymous visitor");
  }
  if (type === "group") return String(event.groupId ?? "unnamed group");
  if (type === "alias") return `from ${event.previousId ?? "unknown"}`;
  return "(no name)";
}
