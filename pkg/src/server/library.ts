/** Segment's client for Node.js, which a shop that sends from its server installs. */
import { HAND_OVER_MS } from "./limits";
import type { Settings } from "./settings";

/** The calls, as their methods are named. */
export type Call = "alias" | "group" | "identify" | "page" | "screen" | "track";

/** What a call is made of; it has its message id. */
export type Params = Record<string, unknown> & { messageId: string };

/** Hears what becomes of events. */
export interface Outcome {
  settled(messageId: string): void;
  givenUp(messageId: string, error: Error): void;
}

/** What is used of Segment's client. */
type Library = Record<Call, (params: Params) => void> & {
  on(name: string, listener: (found: any) => void): unknown;
};

/** A client that hands calls to Segment's, and hears what becomes of them. */
export interface Sender {
  send(call: Call, params: Params): void;
  /** From now on nothing is sent, and what waits for another attempt is given up. */
  stop(): void;
}

/** What a gateway turned away inside a 200, by message id. */
function rejections(text: string): [messageId: string, error: Error][] {
  try {
    const { rejected } = JSON.parse(text) as { rejected?: any[] };
    return (rejected ?? []).map(({ messageId, code, message }) => [
      String(messageId),
      new Error(`${code}: ${message}`),
    ]);
  } catch {
    return []; // Another server's answer.
  }
}

/**
 * Loads Segment's client. Rejects where it is not installed.
 */
export async function load(
  settings: Settings,
  outcome: Outcome,
): Promise<Sender> {
  let loaded: { Analytics: new (settings: object) => Library };
  try {
    // Within `try`, bundlers pass over a package that is not there.
    loaded = (await import("@segment/analytics-node")) as never;
  } catch (cause) {
    throw new Error("waymark: npm install @segment/analytics-node", { cause });
  }
  const rejected = new Map<string, Error>();
  let stopped = false;
  const analytics = new loaded.Analytics({
    disable: settings.disable,
    flushAt: settings.flushAt,
    flushInterval: HAND_OVER_MS,
    host: settings.host || undefined,
    httpClient: async (url: string, init: RequestInit) => {
      // It is the one answer after which Segment's client does not try again.
      if (stopped) return new Response(null, { status: 400 });
      // Segment's client takes a redirect for a success, and following it would lose the body.
      const answer = await fetch(url, { ...init, redirect: "manual" });
      const { status, statusText, headers } = answer;
      if (status >= 300 && status < 400) {
        throw new Error(`the host redirects (${status})`);
      }
      const text = await answer.text();
      for (const [id, error] of rejections(text)) rejected.set(id, error);
      return new Response(null, { status, statusText, headers });
    },
    maxRetries: settings.maxRetries,
    path: new URL(`${settings.host || "http://none"}/v1/batch`).pathname,
    writeKey: settings.writeKey || "none",
  });
  const calls: Call[] = [
    ...(["alias", "group", "identify"] as const),
    ...(["page", "screen", "track"] as const),
  ];
  for (const call of calls) {
    analytics.on(call, ({ event }) => {
      const error = rejected.get(event.messageId);
      rejected.delete(event.messageId);
      if (error) outcome.givenUp(event.messageId, error);
      else outcome.settled(event.messageId);
    });
  }
  analytics.on("error", ({ reason, ctx }) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    if (ctx) outcome.givenUp(ctx.event.messageId, error);
  });
  return {
    send: (call, params) => analytics[call](params),
    stop: () => {
      stopped = true;
    },
  };
}
