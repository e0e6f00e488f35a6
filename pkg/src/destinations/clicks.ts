import { landingAddress } from "../attribution/arrival";
import { ExtensionStore } from "../call/extension-store";
import type { Asker } from "../model/extension";
import { CLICKS_MAX_AGE_MS, VALUE_MAX } from "./limits";

/** The parameters of addresses that tell which advertisement was clicked. */
const NAMES = ["fbclid", "ttclid", "gclid", "gbraid", "wbraid"] as const;

/** A click id's parameter. */
type ClickName = (typeof NAMES)[number];

/** The newest click id of each advertiser, and when it was seen first, in milliseconds since 1970. */
export type Clicks = Partial<Record<ClickName, readonly [string, number]>>;

/** The visitor's click ids: those of the address, and those of earlier visits. */
export class ClickStore {
  readonly #store: ExtensionStore<Clicks> = new ExtensionStore(
    "waymark:clicks",
  );

  /** The click ids at `nowMs`. Keeps new ones if there is an `asker`. */
  read(nowMs: number, search: string, asker: Asker | undefined): Clicks {
    const kept = asker ? (this.#store.read(asker) ?? {}) : {};
    const clicks: Clicks = {};
    const texts = [search, new URL(landingAddress()).search];
    const queries = texts.map((text) => new URLSearchParams(text));
    let changed = false;
    for (const name of NAMES) {
      const told = queries.map((query) => query.get(name)).find(Boolean);
      const before = kept[name];
      if (told && told.length <= VALUE_MAX && told !== before?.[0]) {
        clicks[name] = [told, nowMs];
        changed = true;
      } else if (before && nowMs - before[1] < CLICKS_MAX_AGE_MS) {
        clicks[name] = before;
      }
    }
    if (asker && changed) this.#store.write(asker, clicks);
    return clicks;
  }

  /** Removes the click ids. */
  forget(): void {
    this.#store.forget();
  }
}
