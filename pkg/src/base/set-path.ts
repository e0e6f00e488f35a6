/** Sets a member by its dotted path, and creates missing objects on the way. */
export function setPath(target: object, path: string, value: unknown): void {
  const keys = path.split(".");
  if (keys.some((key) => key === "__proto__" || key === "constructor")) return;
  const last = keys.pop()!;
  let holder = target as Record<string, any>;
  for (const key of keys) {
    if (typeof holder[key] !== "object" || !holder[key]) holder[key] = {};
    holder = holder[key];
  }
  holder[last] = value;
}
