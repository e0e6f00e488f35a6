/** Tells the page, by the event `error`, what became of nothing. */
import type { Analytics } from "./analytics";
import { Context } from "./context";

function report(analytics: Analytics, reason: Error, ctx: Context): void {
  analytics.emit("error", { code: "delivery_failure", reason, ctx });
}

/** Sending waits for somebody to look at it: a wrong key, a wrong address, a broken server. */
export function tellPaused(analytics: Analytics, status: number): void {
  const reason = new Error(`Sending paused: the server answered ${status}`);
  console.warn(`waymark: ${reason.message}; events wait in the journal`);
  report(analytics, reason, Context.system());
}

/** An event is given up, or was refused, once. */
export function fail(
  analytics: Analytics,
  context: Context,
  fate: string,
  status: number,
): void {
  const reason = new Error(
    fate === "refused" ? `Bad response from server: ${status}` : fate,
  );
  reason.name = fate === "refused" ? "NonRetryableError" : "DroppedError";
  if (context.failedDelivery()) return;
  context.setFailedDelivery({ reason });
  report(analytics, reason, context);
}
