import { snapshot } from "../base/snapshot";
import type { Asker } from "../model/extension";
import { readCookie } from "../page/page";

/** The name of the cookie and the entry in localStorage that hold the anonymous id. */
const KEY = "ajs_anonymous_id";

function stored(): string | undefined {
  try {
    const cookie = readCookie(KEY);
    if (cookie) return decodeURIComponent(cookie);
    const text = localStorage.getItem(KEY);
    return text ? String(JSON.parse(text)) : undefined;
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
