/**
 * The one place that reads the page: address, path, search, title, referrer, the canonical
 * link's address, and that address's path name.
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
 * The page of a call. The consent gate adds what was answered, where anything was: the event's
 * `context.consent`, and the `integrations` that get nothing, as JSON.
 */
export type PageFacts =
  PageTexts | readonly [...PageTexts, consent: string, refused: string];

/** Number of the texts of a page. */
export const PAGE_TEXTS = 7;

/** No page: that of a worker or a server, and of what is said of no page. */
export const NO_PAGE: PageTexts = ["", "", "", "", "", "", ""];

/** Whether the page is made ahead of being shown, if it ever is: nothing may come of it yet. */
export function isPrerendering(): boolean | undefined {
  const { document } = globalThis as { document?: { prerendering?: boolean } };
  return document?.prerendering;
}

/** The text of a cookie as it is stored. @throws where the page may not read cookies */
export function readCookie(name: string): string | undefined {
  const all = document.cookie.split("; ");
  const found = all.find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** Whether the page is served by this machine, as in development. */
export function isLocalPage(): boolean {
  const host = globalThis.location?.hostname;
  return host === "localhost" || host === "127.0.0.1";
}

const CANONICAL = "link[rel='canonical']";
/** The address that was read last in the whole document, and what was read because it changed. */
let known = "";
let pathname: string;
let search: string;
/** A canonical link outside the head: to look for one takes long on a large page. */
let stray: Element | null;

/** The page as it is now; empty where there is none (a worker, a server). */
export function readPage(): PageTexts {
  if (typeof document === "undefined") return NO_PAGE;
  const { href } = location;
  if (href !== known) {
    // Until the document is whole, a link may still come.
    if (document.readyState === "complete") known = href;
    ({ pathname, search } = location);
    stray = document.querySelector(CANONICAL);
  }
  const link = document.head?.querySelector(CANONICAL) ?? stray;
  const canonical = (link?.isConnected && link.getAttribute("href")) || "";
  return [
    href,
    pathname,
    search,
    document.title,
    document.referrer,
    canonical,
    canonical && pathnameOf(canonical),
  ];
}

/**
 * The page of a call that Segment's snippet held: the last argument it adds, or nothing where
 * `value` is none (contract §a.5).
 */
export function pageOfSnippet(value: unknown): PageTexts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    const { __t, c, p, u, s, t, r } = value as Record<string, string>;
    if (__t !== "bpc") return undefined;
    return [u!, p!, s!, t!, r!, c ?? "", c ? pathnameOf(c) : ""];
  } catch {
    return undefined; // A proxy that lets nobody look.
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
 * A URL, or a part of one, without the values of the parameters that are secrets by their names,
 * in its search and in its hash. `code` is one beside `state`, as in an answer of OAuth.
 */
export function redactUrl(url: string): string {
  // Of each call's page, and most have no parameters.
  if (!url.includes("=")) return url;
  const out = url.replace(SECRET, MARKED);
  return /[?&#;]state=/i.test(url) ? out.replace(CODE, MARKED) : out;
}
