/** Whether this is the browser's event, or React's: what a handler is called with by accident. */
export function isEvent(given: unknown): boolean {
  const { nativeEvent = given } = (given ?? {}) as { nativeEvent?: unknown };
  return nativeEvent instanceof Event;
}
