/** Links events to the recordings of session-replay tools: an extension of `load`. */
import type { Extension } from "../model/extension";

/** A recording, by its address or its id: whichever the tool gives. */
export interface Replay {
  tool: string;
  url?: string;
  id?: string;
}

type Tools = Record<string, any>;

/** Reads the recording from each tool; throws if the page does not have the tool. */
const TOOLS: Record<string, (tools: Tools) => Omit<Replay, "tool">> = {
  fullstory: ({ FS }) => ({ url: FS.getCurrentSessionURL?.() }),
  logrocket: ({ LogRocket }) => ({ url: LogRocket.sessionURL }),
  posthog: ({ posthog }) => ({
    url: posthog.get_session_replay_url?.(),
    id: posthog.get_session_id?.(),
  }),
  sentry: ({ Sentry }) => ({ id: Sentry.getReplay?.()?.getReplayId?.() }),
  hotjar: ({ hj }) => ({ id: hj.globals?.get?.("userId") }),
  mouseflow: ({ mouseflow }) => ({ id: mouseflow.getSessionId?.() }),
};

/** The recording in progress, from the first tool that gives one. */
export function currentReplay(tools: Tools = globalThis): Replay | undefined {
  for (const [tool, read] of Object.entries(TOOLS)) {
    try {
      const { url, id } = read(tools);
      const isUrl = typeof url === "string" && url !== "";
      if (!isUrl && !id) continue;
      return { tool, ...(isUrl && { url }), ...(id && { id: String(id) }) };
    } catch {
      // The page does not have this tool.
    }
  }
  return undefined;
}

/**
 * Stamps `context.replay` while FullStory, LogRocket, PostHog, Sentry, Hotjar or Mouseflow makes a
 * recording.
 */
export function sessionReplay(): Extension {
  return {
    name: "sessionReplay",
    see() {
      const replay = currentReplay();
      return replay && { context: { replay } };
    },
  };
}
