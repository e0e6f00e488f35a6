/** The event name of a `track` call, read from its text (see `waymark_core::call`). */
export function nameOfTrack(text: string): string | undefined {
  const [head, first = ""] = text.split("\n", 2);
  if (head?.split(" ", 1)[0] !== "track") return undefined;
  if (first[0] === "n") return first.slice(1);
  if (!/^["{]/.test(first)) return undefined;
  const said: unknown = JSON.parse(first);
  return typeof said === "string" ? said : (said as { event?: string }).event;
}
