import { listen, ofDocument } from "../base/platform";

/**
 * The page at one moment: address, path, search, title, referrer, the canonical link's address, and
 * the path of that address.
 */
export type PageTexts = readonly [
  href: string,
  pathname: string,
  search: string,
  title: string,
  referrer: string,
  canonical: string,
  canonicalPathname: string,
];

/**
 * The page of a call. Once the visitor has made a choice, the consent gate adds two texts in JSON:
 * the event's `context.consent`, and the `integrations` that must not get the event.
 */
export type PageFacts =
  PageTexts | readonly [...PageTexts, consent: string, refused: string];

/** Number of texts of a page. */
export const PAGE_TEXTS = 7;

/** The empty page: for a worker, a server, and calls that belong to no page. */
export const NO_PAGE: PageTexts = ["", "", "", "", "", "", ""];

/** Whether the page is prerendered and not shown yet: it must not record or store anything. */
export function isPrerendering(): boolean | undefined {
  return globalThis.document && ofDocument("prerendering" as "hidden");
}

/** Runs `task` once a page that is prerendered now is shown. */
export function whenShown(task: () => void): void {
  if (!isPrerendering()) return;
  listen("prerenderingchange" as "click", task, false, document);
}

/** The raw text of a cookie. @throws if the page may not read cookies */
export function readCookie(name: string): string | undefined {
  for (const one of ofDocument("cookie").split("; ")) {
    if (!one.indexOf(`${name}=`)) return one.slice(name.length + 1);
  }
  return undefined;
}

/** Whether the page's host is this machine or a name that is kept for tests, as in development. */
export function isLocalPage(): boolean {
  const host = globalThis.location?.hostname;
  return /^(127\.0\.0\.1|\[::1]|(.+\.)?(localhost|test))$/.test(host);
}

const CANONICAL = "link[rel='canonical']";
/** The address last seen after the document was complete, and the values read with it. */
let known = "";
let pathname: string;
let search: string;
/**
 * The document's canonical link, kept because searching the body of a large page is slow; undefined
 * before the search.
 */
let stray: Element | null | undefined;

/** Reads the page as it is now; {@link NO_PAGE} in a worker or on a server. */
export function readPage(): PageTexts {
  if (typeof document === "undefined") return NO_PAGE;
  const { href } = location;
  if (href !== known) {
    // Until the document is complete, a canonical link may still be added.
    if (ofDocument("readyState") === "complete") known = href;
    ({ pathname, search } = location);
    stray = undefined;
  }
  let canonical = "";
  try {
    if (stray === undefined) {
      stray = ofDocument("querySelector").call(document, CANONICAL);
    }
    const link = ofDocument("head")?.querySelector(CANONICAL) ?? stray;
    canonical = (link?.isConnected && link.getAttribute("href")) || "";
  } catch {
    // The page has a function of its own there.
  }
  return [
    href,
    pathname,
    search,
    ofDocument("title"),
    ofDocument("referrer"),
    canonical,
    canonical && pathnameOf(canonical),
  ];
}

/**
 * The page of a call that Segment's snippet held, from the last argument, which the snippet adds;
 * undefined if `value` is another argument (contract, §a.5).
 */
export function pageOfSnippet(value: unknown): PageTexts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    const { __t, c, p, u, s, t, r } = value as Record<string, string>;
    if (__t !== "bpc") return undefined;
    return [u!, p!, s!, t!, r!, c ?? "", c ? pathnameOf(c) : ""];
  } catch {
    return undefined; // A proxy may throw.
  }
}

function pathnameOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return "";
  }
}

const SECRET =
  /([?&#;](?:(?:access_|id_)?token|password|secret|api_key)=)[^&#]+/gi;
const CODE = /([?&#;]code=)[^&#]+/gi;
const MARKED = "$1redacted";

/**
 * Redacts the values of secret parameters, known by their names, in the search and the hash of a
 * URL or a part of one. `code` is secret beside `state`, as in an OAuth response.
 */
export function redactUrl(url: string): string {
  // This runs for each call, and most pages have no parameters.
  if (!/=/.test(url)) return url;
  const out = url.replace(SECRET, MARKED);
  return /[?&#;]state=/i.test(url) ? out.replace(CODE, MARKED) : out;
}
