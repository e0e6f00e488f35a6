/**
 * The part of the page's address that may make calls (`ajs_uid`, `ajs_event`, …; contract §b.4):
 * the search, or what the hash has of one. Empty where it asks for none.
 */
export function pageQuery(): string {
  const { search, hash } = location;
  const query = search || hash.replace(/#.*(?=\?)/, "");
  return query.includes("ajs_") ? query : "";
}
