// @ts-check
// Compares a stored event with what a client was told to send.
import assert from "node:assert/strict";

/**
 * Checks that each named field of a stored event equals the expected one; others are ignored.
 *
 * @param {Record<string, any>} event the event as stored
 * @param {Record<string, any>} expected by field name; `undefined` for one that must be absent
 */
export function assertFields(event, expected) {
  for (const [field, value] of Object.entries(expected)) {
    assert.deepEqual(event[field], value, `${event.type}'s ${field}`);
  }
}

/**
 * The only stored event of a type.
 *
 * @param {import("../support/gateway.mjs").StoredEvent[]} stored
 * @param {string} type
 */
export function only(stored, type) {
  const found = stored.filter((record) => record.type === type);
  assert.equal(found.length, 1, `one ${type} is stored`);
  return found[0];
}
