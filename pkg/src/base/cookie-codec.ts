/** Values of cookies as `@segment/analytics-next` writes and reads them (contract §b.2). */

/** What cookies may hold as it is stays readable (js-cookie's rules). */
const READABLE = /%(2[346BF]|3[AC-F]|40|5[BDE]|60|7[BCD])/g;

/** A value as it stands in a cookie. */
export function encodeCookie(value: string): string {
  return encodeURIComponent(value).replace(READABLE, decodeURIComponent);
}

/** The value that stands in a cookie; throws a `URIError` for escapes that are none. */
export function decodeCookie(text: string): string {
  const inner = text.replace(/^"(.*)"$/, "$1");
  return inner.replace(/(%[\dA-F]{2})+/gi, decodeURIComponent);
}
