/** A client that is switched off: fetched in place of the core, and touches nothing. */
import { Analytics } from "./analytics";
import type { Engine } from "./engine";
import type { Started } from "./start";
import type { AnalyticsBrowserSettings, InitOptions } from "./types";

/** Answers for the core: calls become events that go nowhere. */
function disabledEngine(): Engine {
  const event = (text: string): string => {
    const [type, first = ""] = text.split("\n");
    const name =
      type === "track" && first[0] === '"' ? JSON.parse(first) : undefined;
    return JSON.stringify({ type, event: name, integrations: {} });
  };
  const nothing = () => {};
  return {
    anonymousId: nothing,
    assume: nothing,
    build: event,
    call: event,
    delivery: () => new Uint32Array(10),
    enqueue: () => 0,
    lastSeq: () => 0,
    onSettled: nothing,
    profileId: nothing,
    profileTraits: () => "{}",
    resetProfile: nothing,
    setAnonymousId: nothing,
    setPage: nothing,
    setProfileId: nothing,
    setProfileTraits: nothing,
  } as unknown as Engine;
}

/** Starts a client that records nothing. */
export function startDisabled(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): Started {
  const analytics = new Analytics(settings, options, disabledEngine());
  return { analytics, begin: () => Promise.resolve() };
}
