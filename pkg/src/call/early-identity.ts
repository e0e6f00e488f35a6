import { snapshot } from "../base/snapshot";
import type { Asker } from "../model/extension";
import { readCookie } from "../page/page";

/** The name of the cookie and the entry in localStorage that hold the anonymous id. */
const KEY = "ajs_anonymous_id";

/** An id from localStorage: a JSON string, or the text that another library has written. */
export function storedId(text: string | null | undefined): string | undefined {
  if (text?.[0] !== '"') return text === "null" ? undefined : text || undefined;
  try {
    return `${JSON.parse(text)}` || undefined;
  } catch {
    return text;
  }
}

/** The visitor's anonymous id as the stores have it. */
export function storedAnonymousId(): string | undefined {
  try {
    const cookie = readCookie(KEY);
    if (cookie) return decoded(cookie);
    return storedId(localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}

/** The text of a cookie; other libraries write ids as they are. */
function decoded(cookie: string): string {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return cookie;
  }
}

/**
 * The visitor's anonymous id, also before the client is loaded. If none is stored yet, stores and
 * returns `drawn`, a fresh id, which the client takes over.
 */
export function anonymousIdOf(
  { analytics, options }: Asker,
  drawn: string,
): string {
  const known = analytics?.user().anonymousId() ?? storedAnonymousId();
  if (known) return known;
  if (!options.disableClientPersistence && options.disable !== true) {
    try {
      localStorage.setItem(KEY, snapshot(drawn));
    } catch {
      // Storage is blocked: the id holds for this page.
    }
  }
  return drawn;
}
