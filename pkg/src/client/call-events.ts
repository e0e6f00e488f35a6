import type { Call, Method } from "../call/call";
import type { SegmentEvent } from "../model/event";

/** The ids that an `alias` call was given, in order. */
function aliasIds(text: string): (string | null)[] {
  const ids = text
    .split("\n")
    .slice(1, 4)
    .filter((line) => /^["n]/.test(line));
  return ids.map((line) =>
    line[0] === "n" ? line.slice(1) : (JSON.parse(line) as string),
  );
}

/** The arguments for the listeners of a call's method: the call's resolved arguments. */
export function listenerArguments(
  call: Call,
  event: SegmentEvent & Record<string, any>,
): unknown[] {
  const { properties, traits, options } = event;
  const { category = null, name = null } = event;
  const [to, from = null] = aliasIds(call.text);
  const all: Record<Method, unknown[]> = {
    track: [event.event, properties, options],
    page: [category, name, properties, options],
    screen: [category, name, properties, options],
    identify: [event.userId, traits, options],
    group: [event.groupId, traits, options],
    alias: [to, from, options],
  };
  return all[call.method];
}
