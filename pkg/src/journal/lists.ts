/** Lists as sets, as a page may have a `Set` of its own. */

/** The values of a list, each once. */
export function distinct<T>(all: readonly T[]): T[] {
  const found: T[] = [];
  for (const one of all) if (found.indexOf(one) < 0) found.push(one);
  return found;
}

/** Removes a value from a list that has it once. */
export function remove<T>(list: T[], value: T): void {
  const at = list.indexOf(value);
  if (at >= 0) list.splice(at, 1);
}
