/** A random id; a weaker one where the page is no secure context. */
export function randomId(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
