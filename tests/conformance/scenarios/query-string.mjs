// @ts-check
// Calls that a link makes by ajs_aid, ajs_uid, ajs_event and their parameters.

const AT = "https://shop.example.com/cart";

/** Query strings and hashes, with the number of events they make besides the page's own. */
const LINKS = /** @type {[string, string, number][]} */ ([
  [
    "everything in the query",
    "?ajs_uid=U%201&ajs_trait_y=a+b&ajs_event=Ev&ajs_prop_p=%41&ajs_aid=QA",
    2,
  ],
  ["an anonymous id", "?ajs_aid=QA", 0],
  ["a user", "?ajs_uid=u", 1],
  ["a user with traits", "?ajs_uid=u&ajs_trait_a=1&ajs_trait_b=x%20y", 1],
  ["traits without a user", "?ajs_trait_a=1", 0],
  ["an event", "?ajs_event=Ev", 1],
  ["an event with properties", "?ajs_event=Ev&ajs_prop_a=1&ajs_prop_b=", 1],
  ["properties without an event", "?ajs_prop_a=1", 0],
  ["the hash, where there is no query", "#/r?ajs_uid=u&ajs_event=Ev", 2],
  ["the hash beside a query, which wins", "?x=1#/r?ajs_uid=u", 0],
  ["a badly encoded value", "?ajs_uid=100%25%", 1],
  ["an empty user", "?ajs_uid=", 0],
  ["a value twice", "?ajs_event=One&ajs_event=Two", 1],
  ["other parameters", "?utm_source=x&q=ajs", 0],
]);

/** Values of the `useQueryString` option. */
const FILTERS = /** @type {[string, string, number][]} */ ([
  ["is switched off", `false`, 0],
  ["takes ids that fit", `{ aid: /^Q/, uid: /^U/ }`, 2],
  ["refuses a user id that does not fit", `{ uid: /^\\d+$/ }`, 1],
  ["refuses an anonymous id that does not fit", `{ aid: /^\\d+$/ }`, 2],
]);

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...LINKS.map(([what, link, more]) => ({
    name: `a link makes the calls of ${what}`,
    url: AT + link,
    code: `await a; await a.track("Page's own");`,
    events: more + 1,
  })),
  ...FILTERS.map(([what, filter, more]) => ({
    name: `useQueryString ${what}`,
    url: `${AT}?ajs_uid=Us&ajs_event=Ev&ajs_aid=QA`,
    options: `{ useQueryString: ${filter} }`,
    code: `await a; await a.track("Page's own");`,
    events: more + 1,
  })),
  {
    name: "a link's calls come before those that the page has already made",
    url: `${AT}?ajs_uid=u&ajs_event=Ev`,
    code: `await a.track("Page's own");`,
    events: 3,
  },
  {
    name: "queryString of the client does what a link does",
    code: `const [client] = await a; await client.queryString("?ajs_uid=u&ajs_event=Ev&ajs_prop_a=1");`,
    events: 2,
  },
];
