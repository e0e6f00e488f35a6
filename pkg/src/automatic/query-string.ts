/** Calls that the page's address asks for (contract, §b.4); fetched if it asks for any. */
import { ofDocument } from "../base/platform";
import type { Context } from "../model/context";
import type { InitOptions } from "../model/load";

/** The part of the client that is used. */
interface Asked {
  readonly options: Pick<InitOptions, "useQueryString">;
  setAnonymousId(id: string): unknown;
  identify(id: string, traits: object): Promise<Context>;
  track(event: string, properties: object): Promise<Context>;
}

/** `+` is a space; what cannot be decoded stays as it is. */
type Parameters = Record<string, string | undefined>;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

/** The parameters; the last one of a name counts. */
function parameters(query: string): Parameters {
  const address = ofDocument("createElement").call(
    document,
    "a",
  ) as HTMLAnchorElement;
  address.href = query;
  const pairs = address.search.slice(1).split("&");
  const all = { __proto__: null } as unknown as Parameters;
  for (const pair of pairs) {
    const [key = "", value] = pair.split("=");
    all[key] = value === undefined ? value : decoded(value);
  }
  return all;
}

function withPrefix(all: Parameters, prefix: string): Parameters {
  const values: Parameters = {};
  for (const key in all) {
    if (!key.indexOf(prefix)) values[key.slice(prefix.length)] = all[key];
  }
  return values;
}

/** Whether an id is one that the page takes; without a rule that can be understood it is not. */
const fits = (id: string, rule: RegExp | null) =>
  typeof rule?.test === "function" && rule.test(id);

/** Makes the calls of `ajs_aid`, `ajs_uid` and `ajs_event`, with their traits and properties. */
export function queryString(
  analytics: Asked,
  query: string,
): Promise<Context[]> {
  const all = parameters(query);
  const rules = analytics.options.useQueryString;
  const { aid = /.+/, uid = /.+/ } =
    typeof rules === "object" && rules ? rules : {};
  const calls: Promise<Context>[] = [];
  const anonymousId = all["ajs_aid"];
  if (anonymousId && fits(anonymousId, aid)) {
    analytics.setAnonymousId(anonymousId);
  }
  const userId = all["ajs_uid"];
  if (userId && fits(userId, uid)) {
    calls.push(analytics.identify(userId, withPrefix(all, "ajs_trait_")));
  }
  const event = all["ajs_event"];
  if (event) calls.push(analytics.track(event, withPrefix(all, "ajs_prop_")));
  return Promise.all(calls);
}
