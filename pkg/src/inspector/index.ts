/** The entry `waymark/inspector`: a panel that shows what a client does, for development. */
import type { Inspected, InspectorOptions } from "./inspected";

export type { Inspected, InspectorOptions } from "./inspected";

/** A panel that is shown, or about to be. */
export interface Inspector {
  /** Takes it away. */
  close(): void;
}

/**
 * Shows a panel in the page's corner: what waits, was acknowledged or was dropped and why, the
 * consent, the identity, what is not as planned, and each event. Its script is fetched now. On a
 * server, and in a worker, nothing happens.
 *
 * @example
 * if (import.meta.env.DEV) {
 *   const { inspect } = await import("waymark/inspector");
 *   inspect(analytics);
 * }
 */
export function inspect(
  client: Inspected,
  options: InspectorOptions = {},
): Inspector {
  let closed = false;
  let panel: Inspector | undefined;
  const show = async () => {
    const { Panel } = await import("./panel");
    if (!closed) panel = new Panel(client, options);
  };
  if (typeof document !== "undefined") {
    show().catch((error) => console.warn("waymark:", error));
  }
  return {
    close: () => {
      closed = true;
      panel?.close();
    },
  };
}
