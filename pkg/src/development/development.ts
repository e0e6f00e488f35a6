/** Development's warnings, a file that is fetched in development only. */
import { checkOptions } from "./check-options";
import { checkWriteKey } from "./check-write-key";
import { expectLoad } from "./expect-load";
import { watchDelivery } from "./watch-delivery";
import type { Load, Watched } from "./watched";

/** Looks at what `load` was given and at what becomes of the events, or waits for `load`. */
export function help(client: Watched, load?: Load): void {
  try {
    expectLoad(client, !!load);
    if (!load) return;
    const { settings, options } = load;
    checkOptions(settings, options);
    checkWriteKey(settings?.writeKey);
    watchDelivery(client, load);
  } catch {
    // A getter or a Proxy of the page may throw: such options are not checked.
  }
}
