import type { Context } from "./context";
import { CALLBACK_MAX_MS } from "./limits";
import type { Callback } from "./types";

/** Calls back no sooner than in `delayMs`; what the callback throws is logged. */
export async function callBack(
  callback: Callback,
  context: Context,
  delayMs: number,
): Promise<void> {
  await new Promise((done) => setTimeout(done, Math.max(delayMs, 0)));
  const limit = new Promise((done) => setTimeout(done, CALLBACK_MAX_MS));
  const called = Promise.resolve(context).then(callback);
  await Promise.race([called, limit]).catch((error) => {
    console.error(error);
    context.log("warn", "Callback Error", { error });
  });
}
