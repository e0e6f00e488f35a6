/** The entry `waymark/redaction`: keeps private data out of events, an extension of `load`. */
import type { Draft, Extension } from "../model/extension";
import { type Rewrite, rewriteValues } from "./json-values";
import { type Kind, MARK, Redactor } from "./redactor";

export type { Kind } from "./redactor";

/** Options of {@link redaction}. The page's addresses are always redacted. */
export interface RedactionOptions {
  /** The kinds of data to look for. All by default. */
  find?: readonly Kind[];
  /** Names of more query parameters whose values are secret. */
  parameters?: readonly string[];
  /**
   * `true` searches every string and number in properties, traits and options, and page names.
   * An array of names searches only the values under those names. By default none are searched.
   */
  properties?: boolean | readonly string[];
  /**
   * Names of properties that are left as they are. By default `email` and `phone`, which belong
   * there, and `messageId`, `timestamp`, `anonymousId` and `userId`.
   */
  allow?: readonly string[];
  /** Names of properties whose values are always replaced. */
  deny?: readonly string[];
}

const ALLOWED = "email phone messageId timestamp anonymousId userId".split(" ");
const ALL: readonly Kind[] = ["card", "email", "phone"];

const DENIED = 1;
const ALLOWED_BIT = 2;
const LOOKED_AT = 4;

/** Rewrites each value by the names on its path. */
function rewriter(options: RedactionOptions, redactor: Redactor): Rewrite {
  const { properties = false, allow = ALLOWED, deny = [] } = options;
  const looked = Array.isArray(properties) ? (properties as string[]) : [];
  const bits = new Map<string, number>();
  const mark = (names: readonly string[], bit: number) => {
    for (const name of names.map((name) => name.toLowerCase())) {
      bits.set(name, (bits.get(name) ?? 0) | bit);
    }
  };
  mark(deny, DENIED);
  mark(allow, ALLOWED_BIT);
  mark(looked, LOOKED_AT);
  return {
    bits: (key) => bits.get(key.toLowerCase()) ?? 0,
    value(value, bits) {
      if (bits & DENIED) return MARK;
      const isLookedAt = properties === true || (bits & LOOKED_AT) !== 0;
      if (bits & ALLOWED_BIT || !isLookedAt) return value;
      const text = redactor.text(value);
      return /[?&=%/]/.test(text) ? redactor.address(text) : text;
    },
  };
}

/**
 * Replaces card numbers, e-mail addresses and phone numbers in the page's address, search,
 * referrer and title, and the values of secret parameters in its addresses; with the option
 * `properties`, in properties too. A call that it cannot read is dropped and counted as
 * `redaction`.
 *
 * @example
 * AnalyticsBrowser.load({ writeKey }, { extensions: [redaction({ properties: ["review"] })] });
 */
export function redaction(options: RedactionOptions = {}): Extension {
  const { find = ALL, parameters = [], properties, deny = [] } = options;
  const redactor = new Redactor(find, parameters);
  const rewrite = rewriter(options, redactor);
  const line = (draft: Draft, text: string, at: number): string => {
    const isName = /^(page|screen)$/.test(draft.method) && text[0] === '"';
    if (at === 0 || !(text[0] === "{" || isName)) return text;
    return rewriteValues(text, rewrite);
  };
  return {
    name: "redaction",
    guards: true,
    see(draft) {
      const [href, path, search, title, referrer, link, linkPath, ...rest] =
        draft.page;
      const address = (fact: string) => redactor.address(fact);
      draft.page = [
        ...[address(href), address(path), address(search)],
        ...[redactor.text(title), address(referrer)],
        ...[address(link), address(linkPath), ...rest],
      ] as unknown as Draft["page"];
      if (!properties && deny.length === 0) return;
      draft.text = draft.text
        .split("\n")
        .map((text, at) => line(draft, text, at))
        .join("\n");
    },
  };
}
