import type { HeldCall } from "./call";
import type { AnalyticsClient } from "../model/plugin";
import { redactUrl } from "../page/page";
import { warn } from "../base/platform";
import { snapshot } from "../base/snapshot";
import type { Asker, Extension, Verdict } from "../model/extension";
import type { InitOptions } from "../model/load";

/** Redacts the page of each call, and shows the call to the extensions. */
export class Extensions implements Asker {
  /** The options of `load`. */
  options: InitOptions = {};
  /** The client; undefined until it is loaded. */
  analytics: AnalyticsClient | undefined;
  /** All extensions, those with `guards` first. */
  #all: readonly Extension[] = [];

  /** Number of dropped calls by reason. */
  readonly dropped: Record<string, number> = {};

  /** Takes the extensions from `options`. */
  begin(options: InitOptions): void {
    this.options = options;
    this.#all = ([] as Extension[])
      .concat(options.extensions ?? [])
      .filter((one) => one)
      .sort((a, b) => +!!b.guards - +!!a.guards);
  }

  /** Shows a call to the extensions, once. */
  see(call: HeldCall): void {
    if (call.seen) return;
    call.seen = true;
    if (this.options.redactUrls !== false) {
      call.page = call.page.map(redactUrl) as unknown as typeof call.page;
    }
    let stamps = {};
    for (const one of this.#all) {
      const { drop, context } = ask(one, "see", call, this) ?? {};
      if (drop) {
        this.dropped[drop] = (this.dropped[drop] ?? 0) + 1;
        call.dropped = drop;
        return;
      }
      stamps = { ...stamps, ...context };
    }
    const text = snapshot(stamps);
    // They go into the method's line of the text, after the event's id.
    if (text !== "{}")
      call.text = call.text.replace(/\n|$/, () => ` ${text}\n`);
  }

  /** Makes the extensions forget the visitor. */
  forget(why: "denied" | "reset"): void {
    this.#all.forEach((one) => ask(one, "forget", why, this));
  }
}

/** Asks one extension. An error is only logged; if the extension `guards`, it drops the call. */
function ask(
  one: Extension,
  what: "see" | "forget",
  ...given: unknown[]
): Verdict | undefined | void {
  try {
    return (one[what] as ((...given: unknown[]) => Verdict) | undefined)?.(
      ...given,
    );
  } catch (error) {
    warn(one.name, error);
    if (one.guards) return { drop: one.name };
  }
}
