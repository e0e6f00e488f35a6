/** The ids that vendors' own scripts keep in the browser, read from their cookies. */
import { cookies } from "../base/cookies";
import { VALUE_MAX } from "./limits";

/** The page's cookies by name; none where the page may read none. */
export function cookieJar(): ReadonlyMap<string, string> {
  const jar = new Map<string, string>();
  try {
    for (const pair of cookies().split("; ")) {
      const at = pair.indexOf("=");
      if (at > 0) jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
  } catch {
    // The page may not use cookies.
  }
  return jar;
}

/** A cookie's value, if it is no longer than a vendor makes one. */
export function valueOf(
  jar: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  const value = jar.get(name);
  return value && value.length <= VALUE_MAX ? value : undefined;
}

/**
 * GA4's client id: the last two parts of `_ga`, which is `GA1.1.1234567890.1700000000`
 * (https://developers.google.com/analytics/devguides/collection/ga4/reference/config#client_id).
 */
export const clientIdOf = (cookie = ""): string | undefined =>
  /^GA\d\.\d+\.(\d+\.\d+)$/.exec(cookie)?.[1];

/**
 * GA4's session id: the first number of `_ga_…`, which is `GS1.1.1700000000.3.1…` or
 * `GS2.1.s1700000000$o3$g1…`.
 */
export const sessionIdOf = (cookie = ""): string | undefined =>
  /^GS\d\.\d+\.s?(\d+)[.$]/.exec(cookie)?.[1];

/** The `gclid` that Google's tag keeps in `_gcl_aw`, which is `GCL.1700000000.…`. */
export const gclidOf = (cookie = ""): string | undefined =>
  /^GCL\.\d+\.([\w-]+)$/.exec(cookie)?.[1];
