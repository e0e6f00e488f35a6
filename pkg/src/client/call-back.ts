import type { Context } from "../model/context";
import { CALLBACK_MAX_MS } from "../base/limits";
import { sleep, within } from "../base/platform";
import type { Callback } from "../model/call-arguments";

/** Calls `callback` after `delayMs`; logs an error that it throws. */
export async function callBack(
  callback: Callback,
  context: Context,
  delayMs: number,
): Promise<void> {
  await sleep(Math.max(delayMs, 0));
  const called = Promise.resolve(context)
    .then(callback)
    .catch((error) => {
      console.error(error);
      context.log("warn", "Callback Error", { error });
    });
  await within(called, CALLBACK_MAX_MS);
}
