import { snapshot } from "../base/snapshot";
import { COUNTS } from "./counts";
import type { Engine } from "./engine";

/** An event without identity and context: only the call's type and name. */
function event(text: string): string {
  const [named = "", first = ""] = text.split("\n");
  const [type] = named.split(" ");
  const name: unknown =
    type === "track" && first[0] === '"' ? JSON.parse(first) : undefined;
  return snapshot({ type, event: name, integrations: {} });
}

const ANSWERS: Record<string, unknown> = {
  build: event,
  call: event,
  delivery: () => new Uint32Array(COUNTS),
  enqueue: () => 0,
  lastSeq: () => 0,
  then: null,
};

/** A substitute for the core that stores and sends nothing; calls still get an event. */
export function disabledEngine(): Engine {
  const nothing = () => undefined;
  const answer = (_: object, name: string) =>
    name in ANSWERS ? ANSWERS[name] : nothing;
  return new Proxy({}, { get: answer }) as Engine;
}
