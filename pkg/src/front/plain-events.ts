/**
 * The events of plain calls, written as the core writes them (`waymark_core::event`), for a page
 * that sends them to Segment before its core is there. A call is plain if it is a `track`, `page` or
 * `identify` without options, and nothing about its visitor needs a rule that only the core has.
 */
import { snapshot } from "../base/snapshot";
import type { HeldCall } from "../call/call";
import { storedId } from "../call/early-identity";
import { deviceFacts } from "../page/device";
import type { PageFacts } from "../page/page";
import { textOfPage } from "../page/page-text";

/** The identity's cookies as `document.cookie` has them, and its entries in localStorage. */
export interface StoredIdentity {
  cookies: string;
  local: Record<string, string>;
}

/** What is not a plain text: an older version wrote it, or another library. */
const ODD_COOKIES = /(^|; )(ajs_user=|_sio=|ajs_\w+_id=("|%22))/;

type Json = Record<string, unknown>;

const parse = (text: string | undefined): any => JSON.parse(text || "null");

/** A text as the core has it: half of a surrogate pair becomes U+FFFD. */
const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (part) =>
    part[1] ? part : "\ufffd",
  );

/** A text that a page whose `JSON.parse` gives something else does not get back. */
const JSON_TEXT = '{"a":["b",1]}';

/** Whether an object has a member that another one has, too. */
const hasAny = (object: object, other: object): boolean =>
  Object.keys(other).some((name) => name in object);

/** `context.page`. */
function pageOf(page: PageFacts): Json {
  const [href, pathname, search, title, referrer, canonical, canonicalPath] =
    wellFormed(textOfPage(page)).split("\0") as unknown as PageFacts;
  const slash = canonical[0] === "/" ? "" : "/";
  return {
    path: canonical ? canonicalPath || slash + canonical : pathname,
    referrer,
    search,
    title,
    url: canonical
      ? canonical + (/\?/.test(canonical) ? "" : search)
      : href.replace(/#.*/, ""),
  };
}

/** `context.campaign`; see `waymark_core::campaign`. */
function campaignOf(search: string): Json | undefined {
  const query = search.slice(1);
  if (!query) return undefined;
  // Any name may stand in an address.
  const found = { __proto__: null } as unknown as Json;
  for (const pair of query.split(/[&?]/)) {
    const [key, value = ""] = pair.split("=") as [string, string?];
    if (/utm_/.test(key) && key[4]) {
      const name = key.slice(4);
      found[name === "campaign" ? "name" : name] = decoded(value);
    }
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

/**
 * Writes the events of calls, in their order, up to the first that is not plain. What was posted
 * before has no text, but counts for those after it. The anonymous id is asked for once an event
 * needs it.
 *
 * @throws if only the core can tell who the visitor is, or the page has a JSON of its own
 */
export function plainEvents(
  calls: readonly HeldCall[],
  writeKey: string,
  given: object | undefined,
  { cookies, local }: StoredIdentity,
  anonymousId: () => string,
): string[] {
  const idIn = (name: string) =>
    decodeURIComponent(
      RegExp(`(?:^|; )${name}=([^;]*)`).exec(cookies)?.[1] ?? "",
    );
  let userId = storedId(local.ajs_user_id) || idIn("ajs_user_id") || null;
  let traits = local.ajs_user_traits || "{}";
  if (ODD_COOKIES.test(cookies) || traits[0] !== "{") return [];
  if (snapshot(parse(JSON_TEXT)) !== JSON_TEXT) return [];

  const integrations = parse(snapshot(given ?? {})) as Json;
  for (const name of Object.keys(integrations))
    integrations[name] = !!integrations[name];
  const { library, userAgent, userAgentData, locale, timezone } = deviceFacts();

  /** The event of a call, or what is no text if the call is not plain. */
  const write = ({ text, nowMs, page }: HeldCall): string | undefined => {
    // A callback is no part of the event, nor is what is not given.
    const lines = text.replace(/\n+(f\n*)?$/, "").split("\n");
    const [, method, uuid, stamps] = /^(\w+) (\S+) ?(.*)/.exec(lines.shift()!)!;
    const bag = lines[lines.length - 1]?.[0] === "{" ? lines.pop()! : "{}";
    const [first, second] = lines;
    const chosen = { ...integrations, ...(parse(page[8]) as Json) };
    const facts = pageOf(page);
    const context = {
      consent: parse(page[7]) ?? undefined,
      userAgent,
      userAgentData,
      locale: locale || undefined,
      library,
      campaign: campaignOf(page[2]),
      timezone: timezone || undefined,
    };
    const stamped = { page: facts, ...parse(stamps) } as Json;
    if (
      !lines.every((line) => line[0] === '"') ||
      chosen["Segment.io"] === false ||
      stamped.page !== facts ||
      hasAny(stamped, context)
    )
      return undefined;
    let out = `{"timestamp":${snapshot(new Date(nowMs))},"integrations":${snapshot(chosen)}`;
    const add = (name: string, json: string | undefined) => {
      if (json) out += `,"${name}":${json}`;
    };
    if (method === "track" && lines.length === 1 && parse(first)) {
      add("event", first);
      add("type", '"track"');
      add("properties", bag);
    } else if (method === "page" && lines.length < 3) {
      const [category, name] = second ? [first, second] : [undefined, first];
      const own = parse(bag) as Json;
      // Such properties change the event's page.
      if (hasAny(own, facts)) return undefined;
      add("type", '"page"');
      const names: Json = {};
      if (category) names.category = parse(category);
      if (parse(name)) names.name = parse(name);
      add("properties", snapshot({ ...facts, ...own, ...names }));
      add("category", category);
      add("name", name);
    } else if (method === "identify" && lines.length < 2 && first !== '""') {
      const id = parse(first) as string | null;
      // Another user has another anonymous id.
      if (id && (userId ||= id) !== id) return undefined;
      const known = parse(traits) as Json;
      traits = snapshot({ ...known, ...parse(bag) });
      add("type", '"identify"');
      add("traits", traits);
    } else return undefined;
    add("context", snapshot({ ...stamped, ...context }));
    add("messageId", `"ajs-next-${nowMs}-${uuid}"`);
    add("userId", snapshot(userId && wellFormed(userId)));
    add("anonymousId", snapshot(wellFormed(anonymousId())));
    add("writeKey", snapshot(writeKey));
    return `${out},"_metadata":{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}}`;
  };

  const events: string[] = [];
  for (const call of calls) {
    const event = write(call);
    if (!event) break;
    events.push(call.posted ? "" : event);
  }
  return events;
}

/** The body of a request with these events; those without a text were posted before. */
export const batchOf = (writeKey: string, events: readonly string[]): string =>
  `{"writeKey":${snapshot(writeKey)},"batch":[${events.filter((one) => one).join()}],"sentAt":${snapshot(new Date())}}`;
