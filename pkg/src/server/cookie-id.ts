/** Ids in the SDK's cookies, as a server reads them. */
import { decodeCookie } from "../base/cookie-codec";

/** The cookie of the visitor's anonymous id. */
export const ANONYMOUS_ID = "ajs_anonymous_id";

/** The id that the cookie `name` of a `Cookie` header holds, if there is one. */
export function idOf(cookies: string, name: string): string | undefined {
  const found = cookies.split(/; */).find((one) => one.startsWith(`${name}=`));
  const text = found?.slice(name.length + 1) ?? "";
  let id = text;
  try {
    id = decodeCookie(text);
    // As older versions wrote it; anything else stays the text it is.
    if (id.startsWith('"')) id = String(JSON.parse(id));
  } catch {
    // Neither escaped nor JSON.
  }
  return id || undefined;
}
