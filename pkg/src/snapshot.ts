/**
 * Copies what a caller passes, at the moment of the call, as JSON text.
 *
 * What JSON cannot hold must not lose the event: a BigInt becomes its digits, a reference
 * back to an object around it and a member whose getter throws are left out.
 */
export function snapshot(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(sane(value, []));
  }
}

function sane(value: unknown, around: unknown[]): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (around.includes(value)) return undefined;
  const within = [...around, value];
  if (Array.isArray(value)) return value.map((item) => sane(item, within));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    try {
      copy[key] = sane((value as Record<string, unknown>)[key], within);
    } catch {
      // Its getter throws: the rest of the event still counts.
    }
  }
  return copy;
}
