import { readCookie } from "../page/page";

/**
 * Removes the cookies with these names that the page can read, whatever their domains and paths.
 * `consent/erase.ts` does the same; as a module of both it would be one more chunk to fetch.
 */
export function removeCookies(names: readonly string[]): void {
  try {
    for (const name of names.filter(readCookie)) {
      for (let domain = `-.${location.hostname}`; domain;) {
        domain = domain.replace(/^.[^.]*/, "");
        for (let path = `${location.pathname}/`; path;) {
          document.cookie = `${name}=; path=${path}; max-age=0; domain=${domain}`;
          path = path.replace(/(\/|[^/]+)$/, "");
        }
      }
    }
  } catch {
    // A sandboxed page may not read cookies, and a worker has none.
  }
}
