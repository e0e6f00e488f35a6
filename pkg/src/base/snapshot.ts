/**
 * Copies an argument as JSON text at the moment of the call.
 *
 * Values that JSON cannot hold must not lose the event: a BigInt becomes its digits; an object that
 * occurred before and a member whose getter throws are left out.
 */
export function snapshot(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(sane(value, new WeakSet()));
  }
}

function sane(value: unknown, seen: WeakSet<object>): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return undefined;
  seen.add(value);
  if (Array.isArray(value)) return value.map((item) => sane(item, seen));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    try {
      copy[key] = sane((value as Record<string, unknown>)[key], seen);
    } catch {
      // The getter throws: the event goes without the member.
    }
  }
  return copy;
}
