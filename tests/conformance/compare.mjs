// @ts-check
// Lists where two outcomes differ, in lines for people.

const SHOWN_MAX = 160;

/** @param {unknown} value */
function shown(value) {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

/**
 * @param {any} peer
 * @param {any} waymark
 * @param {string} [path]
 * @returns {string[]} one line for each place that differs; empty when they are the same
 */
export function differences(peer, waymark, path = "") {
  if (Object.is(peer, waymark)) return [];
  const both = [peer, waymark];
  const deep = both.every((one) => typeof one === "object" && one !== null);
  if (!deep || Array.isArray(peer) !== Array.isArray(waymark)) {
    return [`${path}: ${shown(peer)} -> ${shown(waymark)}`];
  }
  const keys = new Set([...Object.keys(peer), ...Object.keys(waymark)]);
  return [...keys].flatMap((key) =>
    differences(peer[key], waymark[key], path ? `${path}.${key}` : key),
  );
}
