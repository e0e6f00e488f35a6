// @ts-check
// Errors thrown into a page, as the page itself tells its server: not every driver does.

const PATH = "/trouble";

/** A script to run before all others: a page may replace what it uses. */
export const TELL_TROUBLE = `{
  const beacon = navigator.sendBeacon?.bind(navigator);
  const tell = (text) => beacon?.("${PATH}?" + encodeURIComponent(String(text).slice(0, 500)));
  addEventListener("error", ({ error, message }) => tell(message + " " + error?.stack));
  addEventListener("unhandledrejection", ({ reason }) => tell(reason + " " + reason?.stack));
}`;

/**
 * What a request tells: nothing, if it is another.
 *
 * @param {import("node:http").IncomingMessage} request
 * @returns {string[]}
 */
export function troubleIn({ url = "" }) {
  if (!url.startsWith(`${PATH}?`)) return [];
  return [decodeURIComponent(url.slice(PATH.length + 1))];
}
