/** What became of the shown events at each destination, as the stream tells it. */
import { FATES_MAX } from "./limits.js";

/**
 * @typedef {object} Place a destination of a source
 * @property {string} source
 * @property {string} destination
 * @property {number} passed the last event it had passed when the view was opened
 */

/** @type {Place[]} */
let places = [];
/** By destination and number of the event, oldest first. @type {Map<string, string>} */
const fates = new Map();

/**
 * @param {string} source
 * @param {string} destination
 * @param {number} seq
 */
const keyOf = (source, destination, seq) =>
  JSON.stringify([source, destination, seq]);

/** @param {string} data of a `destinations` message */
export function readDestinations(data) {
  places = JSON.parse(data);
}

/** @param {string} data of a `fates` message */
export function readFates(data) {
  const { source, destination, fates: told } = JSON.parse(data);
  for (const fate of told) {
    fates.set(keyOf(source, destination, fate.seq), inWords(fate));
  }
  const oldest = fates.keys();
  for (let over = fates.size - FATES_MAX; over > 0; over -= 1) {
    fates.delete(oldest.next().value ?? "");
  }
}

/** @param {{ fate: string, status?: number, why?: string }} fate */
function inWords({ fate, status, why }) {
  if (fate === "refused") return `refused with ${status}: ${why}`;
  return fate === "skipped" ? `skipped: ${why}` : fate;
}

/**
 * For each destination of the event's source, what became of the event.
 *
 * @param {string} source
 * @param {number} seq
 * @returns {[string, string][]}
 */
export function fatesOf(source, seq) {
  const ofSource = places.filter((place) => place.source === source);
  return ofSource.map(({ destination, passed }) => {
    const told = fates.get(keyOf(source, destination, seq));
    return [destination, told ?? (seq > passed ? "waiting" : "not remembered")];
  });
}
