/** The entry `waymark/inspector`: a panel that shows what a client does, for development. */
import type { Inspected, InspectorOptions } from "./inspected";

export type { Inspected, InspectorOptions } from "./inspected";

/** A panel that is shown, or is still being fetched. */
export interface Inspector {
  /** Removes the panel. */
  close(): void;
}

/**
 * Shows a panel in the page's corner: the delivery report, the consent, the identity, the events
 * that break the tracking plan, and each event recorded. Its script is fetched when this is
 * called. On a server or in a worker it does nothing.
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
