import { isSimulated } from "../page/simulated";
import type { SegmentCalls, SegmentClient } from "./segment-client";

/** The components' connection to one client. The same client always has the same connection. */
export interface Connection {
  readonly calls: SegmentCalls;
  /** Undefined on a server and outside of a provider. */
  readonly client: SegmentClient | undefined;
  readonly isReady: () => boolean;
  /** Calls `tell` when the client becomes ready. Returns a function that unsubscribes. */
  readonly onReady: (tell: () => void) => () => void;
  /** Starts waiting for the client. Only the first call has an effect. */
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

/** Makes a call at once. The page never sees what it throws or rejects with. */
async function quietly(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // The client reports its own failures; they must not break the page.
  }
}

/** Connects to `client`. If it is undefined, calls do nothing. */
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
      const tell = () => {
        ready = true;
        listeners.forEach((listener) => listener());
      };
      // In a test, components that render later than the test expects make React warn.
      void quietly(() => (isSimulated() ? tell() : client?.ready(tell)));
    },
  };
}

const connections = /* @__PURE__ */ new WeakMap<SegmentClient, Connection>();

/** The connection without a client: on a server, or outside of a provider. */
export const DISCONNECTED: Connection = /* @__PURE__ */ connect(undefined);

/** The one connection to `client`. */
export function connectionOf(client: SegmentClient): Connection {
  let connection = connections.get(client);
  if (!connection) connections.set(client, (connection = connect(client)));
  return connection;
}
