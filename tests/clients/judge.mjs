// @ts-check
// Compares what the gateway sends with what a vendor's own client does, and says why they differ.
import assert from "node:assert/strict";

/**
 * The leaves of a value, by their path.
 *
 * @param {any} value
 * @param {string} [path]
 * @returns {[string, unknown][]}
 */
function leaves(value, path = "") {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) =>
    leaves(member, path ? `${path}.${name}` : name),
  );
}

const ITSELF = "each names the library: of the event, or its own";
const DERIVED =
  "ours is derived from the message id, so that a repeat is one event; theirs is random";

/** Why what the gateway sends differs from what PostHog's client does. */
export const POSTHOG = {
  "properties.$lib": ITSELF,
  "properties.$lib_version": ITSELF,
  uuid: DERIVED,
  "properties.$ip": "the visitor's address is known to the gateway",
  "properties.$geoip_disable":
    "its client knows no address but its own, which must not be taken for the visitor's",
  "properties.$is_server": "the event may be a browser's",
};
export const NO_TIME = "the client's method takes no time";

/** The same for Mixpanel. */
export const MIXPANEL = {
  "properties.mp_lib": ITSELF,
  "properties.$lib_version": ITSELF,
  "properties.$insert_id": "Import Events asks for it, and drops repeats by it",
  "properties.$user_id": "Simplified ID Merge joins the two ids by them",
  "properties.$device_id": "Simplified ID Merge joins the two ids by them",
  "properties.token": "Import Events is told the project by the request's user",
};

/** The same for Amplitude. */
export const AMPLITUDE = {
  library: ITSELF,
  insert_id: DERIVED,
  event_id: "a counter of the client's, which the API does not ask for",
};

/**
 * Compares two events. Every path that differs must be among the reasons, and every reason must be
 * that of a path that differs.
 *
 * @param {any} ours
 * @param {any} theirs
 * @param {Record<string, string>} reasons why a path differs, by the path
 */
export function judge(ours, theirs, reasons) {
  assert.ok(ours, "the gateway sent it");
  assert.ok(theirs, "the vendor's client sent it");
  const [own, other] = [ours, theirs].map((event) => new Map(leaves(event)));
  const paths = new Set([...own.keys(), ...other.keys()]);
  const differing = [...paths].filter(
    (path) => JSON.stringify(own.get(path)) !== JSON.stringify(other.get(path)),
  );
  const shown = differing.map((path) => [path, own.get(path), other.get(path)]);
  assert.deepEqual(
    differing.sort(),
    Object.keys(reasons).sort(),
    JSON.stringify(shown, null, 1),
  );
}
