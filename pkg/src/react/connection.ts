import type { SegmentCalls, SegmentClient } from "./segment-client";

/** What joins the components to one client. It is the same object as long as the client is. */
export interface Connection {
  readonly calls: SegmentCalls;
  /** Undefined where there is none. */
  readonly client: SegmentClient | undefined;
  readonly isReady: () => boolean;
  /** Calls `tell` when the client becomes ready; gives what takes that back. */
  readonly onReady: (tell: () => void) => () => void;
  /** Waits for the client; once, however often it is called. */
  readonly begin: () => void;
}

const METHODS = [
  "identify",
  "track",
  "page",
  "screen",
  "group",
  "alias",
  "reset",
] as const;

type Call = (...args: unknown[]) => unknown;

/** Makes a call at once; nothing it throws or rejects with reaches the page. */
async function quietly(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // The client has said why, where anyone wants to know.
  }
}

/** `client` is undefined where there is none: calls come to nothing. */
function connect(client: SegmentClient | undefined): Connection {
  let begun = !client;
  let ready = false;
  const listeners = new Set<() => void>();
  const calls = {} as Record<string, Call>;
  for (const method of METHODS) {
    calls[method] = (...args) =>
      void quietly(() => (client?.[method] as Call | undefined)?.(...args));
  }
  return {
    calls: calls as unknown as SegmentCalls,
    client,
    isReady: () => ready,
    onReady: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    begin: () => {
      if (begun) return;
      begun = true;
      void quietly(() =>
        client?.ready(() => {
          ready = true;
          listeners.forEach((tell) => tell());
        }),
      );
    },
  };
}

const connections = /* @__PURE__ */ new WeakMap<SegmentClient, Connection>();

/** Stands where there is no client: on a server, or outside of a provider. */
export const DISCONNECTED: Connection = /* @__PURE__ */ connect(undefined);

/** The one connection to `client`. */
export function connectionOf(client: SegmentClient): Connection {
  let connection = connections.get(client);
  if (!connection) connections.set(client, (connection = connect(client)));
  return connection;
}
