/**
 * The one place that reads the page: address, path, search, title, referrer, the canonical
 * link's address, and that address's path name.
 */
export type PageFacts = readonly [
  href: string,
  pathname: string,
  search: string,
  title: string,
  referrer: string,
  canonical: string,
  canonicalPathname: string,
];

/** The page as it is now; empty where there is none (a worker, a server). */
export function readPage(): PageFacts {
  if (typeof document === "undefined") return ["", "", "", "", "", "", ""];
  const { href, pathname, search } = location;
  const canonical =
    document.querySelector("link[rel='canonical']")?.getAttribute("href") ?? "";
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

function pathnameOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return "";
  }
}
