/** Cookie values as Segment's client writes and reads them (contract, §b.2). */

/** Escapes of the characters that cookies may contain unescaped (js-cookie's rules). */
const READABLE = /%(2[346BF]|3[AC-F]|40|5[BDE]|60|7[BCD])/g;

/** Encodes a value for a cookie. */
export function encodeCookie(value: string): string {
  return encodeURIComponent(value).replace(READABLE, decodeURIComponent);
}

/** Decodes a cookie's value. @throws {URIError} if an escape is invalid */
export function decodeCookie(text: string): string {
  const inner = text.replace(/^"(.*)"$/, "$1");
  return inner.replace(/(%[\dA-F]{2})+/gi, decodeURIComponent);
}
