/** Whether this is a DOM or React event: a handler may be called with one by accident. */
export function isEvent(given: unknown): boolean {
  const { nativeEvent = given } = (given ?? {}) as { nativeEvent?: unknown };
  return nativeEvent instanceof Event;
}
