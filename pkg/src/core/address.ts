import type { SegmentioSettings } from "../model/delivery";

/** Host and path of Segment's API. */
export const API_HOST = "api.segment.io/v1";

/** A host, with a port and a path if need be; blanks, a scheme and slashes around it may be there. */
const ADDRESS =
  /^\s*(?:(https?:)?\/\/)?((?:\[[\da-f:]+]|[^\s/?#\\@:]+)(?::\d+)?(?:\/(?!\/)[^\s?#\\]*?)?)\/*\s*$/i;

/**
 * The API's base address, `https://host/v1`; a scheme in `apiHost` is kept. Empty if `apiHost`
 * cannot be understood: events must not go to another host then.
 */
export function baseUrl(segment: SegmentioSettings): string {
  const { apiHost = API_HOST, protocol } = segment;
  const [, scheme, host] = apiHost?.match?.(ADDRESS) ?? [];
  const other = /^http(?!s)/i.test(protocol!) ? "http:" : "https:";
  return host ? `${scheme ?? other}//${host}` : "";
}

/** The address without its credentials: a request to one that has some is refused. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, "$1");
}
