/**
 * The part of the page's address that may make calls with `ajs_uid`, `ajs_event`, … (contract,
 * §b.4): the search, or else a query in the hash. Empty if it has no such parameter.
 */
export function pageQuery(): string {
  const { search, hash } = location;
  const query = search || hash.replace(/#.*(?=\?)/, "");
  return /ajs_/.test(query) ? query : "";
}
