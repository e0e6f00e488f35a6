/** For a shop's own server: renews the visitor's cookies with `Set-Cookie`. */
import { encodeCookie } from "../base/cookie-codec";
import { ANONYMOUS_ID, idOf } from "./cookie-id";
import { COOKIE_MAX_AGE_S, ID_CHARS_MAX } from "./limits";

/** Attributes of the cookies. */
export interface IdentityCookieOptions {
  /**
   * The request's raw body: the page's anonymous id in it is used if the request has no such
   * cookie, as on a first visit.
   */
  body?: string;
  /** The domain whose hosts share the cookies; without it, the host of the server alone. */
  domain?: string;
  /** Keeps scripts from reading them; the SDK then has the ids from localStorage alone. */
  httpOnly?: boolean;
  /** Seconds until they expire, a year by default. */
  maxAgeSeconds?: number;
}

/** The anonymous id in a body, if it has one. */
function anonymousIdOf(body = ""): string | undefined {
  try {
    const { anonymousId } = JSON.parse(body) as Record<string, unknown>;
    return typeof anonymousId === "string" ? anonymousId : undefined;
  } catch {
    return undefined;
  }
}

/** A cookie with this id, or an empty list if a browser would not keep it. */
function assignment(name: string, id: string, attributes: string): string[] {
  if (id.length > ID_CHARS_MAX) return [];
  try {
    return [`${name}=${encodeCookie(id)}${attributes}`];
  } catch {
    return []; // A lone surrogate.
  }
}

/**
 * The values of `Set-Cookie` that set the ids of a request's cookies again, so that Safari keeps
 * them for longer than the seven days it gives a script's. A user's id is only ever the cookie's.
 * Check first that the request's `Origin` is the shop's own.
 *
 * @param cookies the request's `Cookie` header
 */
export function identityCookies(
  cookies: string | null | undefined,
  options: IdentityCookieOptions = {},
): string[] {
  const { domain, httpOnly, maxAgeSeconds = COOKIE_MAX_AGE_S } = options;
  const attributes =
    `; path=/; max-age=${maxAgeSeconds}; sameSite=Lax` +
    `${domain ? `; domain=${domain}` : ""}; secure${httpOnly ? "; HttpOnly" : ""}`;
  const made = anonymousIdOf(options.body);
  return [ANONYMOUS_ID, "ajs_user_id", "ajs_group_id"].flatMap((name) => {
    const known = idOf(cookies ?? "", name);
    const id = known ?? (name === ANONYMOUS_ID ? made : undefined);
    return id ? assignment(name, id, attributes) : [];
  });
}
