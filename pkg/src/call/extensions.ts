import type { HeldCall } from "./call";
import type { AnalyticsClient } from "../model/plugin";
import { redactUrl } from "../page/page";
import { snapshot } from "../base/snapshot";
import type { Asker, Extension, Verdict } from "../model/extension";
import type { InitOptions } from "../model/load";

/** Redacts the page of each call, and has the extensions of `load` see the call. */
export class Extensions implements Asker {
  options: InitOptions = {};
  analytics: AnalyticsClient | undefined;
  /** Those that guard before the others. */
  #all: readonly Extension[] = [];

  /** Number of calls that were dropped, by the reason. */
  readonly dropped: Record<string, number> = {};

  /** From now on the extensions of `options` see each call. */
  begin(options: InitOptions): void {
    this.options = options;
    this.#all = ([] as Extension[])
      .concat(options.extensions ?? [])
      .sort((a, b) => +!!b.guards - +!!a.guards);
  }

  /** Takes a call through, once. */
  see(call: HeldCall): void {
    if (call.seen) return;
    call.seen = true;
    if (this.options.redactUrls !== false) {
      call.page = call.page.map(redactUrl) as unknown as typeof call.page;
    }
    const stamps = {};
    for (const one of this.#all) {
      const { drop, context } = ask(one, "see", call, this) ?? {};
      if (drop) {
        this.dropped[drop] = (this.dropped[drop] ?? 0) + 1;
        call.dropped = drop;
        return;
      }
      Object.assign(stamps, context);
    }
    const text = snapshot(stamps);
    // The line of the method has place for them after the message id's.
    if (text !== "{}")
      call.text = call.text.replace(/\n|$/, () => ` ${text}\n`);
  }

  /** The visitor is to be forgotten. */
  forget(why: "denied" | "reset"): void {
    this.#all.forEach((one) => ask(one, "forget", why, this));
  }
}

/** Nothing an extension does reaches the page; without one that guards, a call does not go on. */
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
    console.warn("waymark:", one.name, error);
    if (one.guards) return { drop: one.name };
  }
}
