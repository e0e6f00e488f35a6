import { snapshot } from "../base/snapshot";
import type { Asker } from "../model/extension";
import { readCookie } from "../page/page";

/** The name of the cookie and the entry in localStorage that hold the anonymous id. */
const KEY = "ajs_anonymous_id";

/** What a store has; other libraries write ids as they are. */
function decoded(decode: (text: string) => string, text: string): string {
  try {
    return decode(text);
  } catch {
    return text;
  }
}

function stored(): string | undefined {
  try {
    const cookie = readCookie(KEY);
    if (cookie) return decoded(decodeURIComponent, cookie);
    const text = localStorage.getItem(KEY);
    const id = text && decoded(JSON.parse, text);
    return id ? `${id}` : undefined;
  } catch {
    return undefined;
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
  const known = analytics?.user().anonymousId() ?? stored();
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
