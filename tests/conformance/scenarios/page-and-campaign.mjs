// @ts-check
// An event's page, and the campaign that led to it.
import assert from "node:assert/strict";
import { thatLeaves } from "../../support/leaving-code.mjs";

const AT = "https://shop.example.com/cart";

/** Queries with a campaign. */
const QUERIES = {
  "all five parameters":
    "?utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=k",
  "one parameter": "?utm_source=s",
  "a parameter of an unknown name": "?utm_foo=1&utm_id=7",
  "a parameter twice": "?utm_source=one&utm_source=two",
  "utm in the middle of a name": "?xutm_foo=1",
  "capital letters": "?UTM_source=s&utm_SOURCE=t",
  "empty values": "?utm_source=&utm_medium",
  "bad escapes": "?utm_source=%E0%A4%A&utm_medium=50%",
  "plus signs and escapes": "?utm_source=a+b&utm_medium=%C3%BC%20x",
  "no campaign in it": "?q=shoes",
  "an empty name": "?utm_=1",
  "an ampersand too many": "?&utm_source=s&&",
  "a value with an equals sign": "?utm_source=a=b",
};

/** Canonical links, which change path and URL. */
const CANONICALS = {
  "is absolute": "https://shop.example.com/canonical",
  "has a query of its own": "https://shop.example.com/canonical?c=1",
  "is relative": "rel/z?c=2",
  "begins with a slash": "/only/path",
  "is of another host": "https://other.example.org/x#hash",
  "is empty": "",
};

/** Calls that set facts of the page. */
const OVERRIDES = {
  "a title in the context": `a.track("E", {}, { context: { page: { title: "OV", extra: 1 } } })`,
  "a page among the options": `a.track("E", {}, { page: { title: "OV" } })`,
  "url, path and title of a page call": `a.page("N", { url: "https://x.example/u", path: "/p", title: "T", referrer: "r", search: "?s=1" })`,
  "a search of the page call": `a.page("P", { search: "?utm_source=pp" })`,
  "a search in the context": `a.track("E", {}, { context: { page: { search: "?utm_source=cp" } } })`,
  "a campaign of its own": `a.track("E", {}, { context: { campaign: { name: "own" } } })`,
  "a campaign among the options": `a.track("E", {}, { campaign: { name: "own" } })`,
  "a locale": `a.track("E", {}, { locale: "de-AT" })`,
  "a user agent and a timezone": `a.track("E", {}, { context: { userAgent: "UA", timezone: "Mars/Base" } })`,
  "an ip and a device": `a.track("E", {}, { ip: "1.2.3.4", context: { device: { id: "d" } } })`,
  "a page of null": `a.track("E", {}, { context: { page: null } })`,
  "user agent data": `a.track("E", {}, { context: { userAgentData: { mobile: true } } })`,
};

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(QUERIES).map(([what, query]) => ({
    name: `a campaign from a query with ${what}`,
    url: AT + query,
    code: `await a.track("E");`,
  })),
  ...Object.entries(CANONICALS).map(([what, href]) => ({
    name: `a canonical link that ${what}`,
    url: `${AT}?q=1#hash`,
    head: `<link rel="canonical" href="${href}">`,
    code: `await a.page("N"); await a.track("E");`,
    events: 2,
  })),
  ...Object.entries(OVERRIDES).map(([what, call]) => ({
    name: `a call sets ${what}`,
    url: `${AT}?utm_source=s&q=1`,
    code: `await ${call};`,
  })),
  {
    name: "a canonical link in the body, and after its removal",
    url: `${AT}?q=1`,
    html: `<p><link rel="canonical" href="https://shop.example.com/canonical"></p>`,
    code: `await a.page("N");
      document.querySelector("link[rel=canonical]").remove();
      await a.page("O");`,
    events: 2,
  },
  {
    name: "a canonical link that changes with the address, and before it",
    url: `${AT}?q=1`,
    head: `<link rel="canonical" href="https://shop.example.com/one">`,
    code: `await a.page("One");
      const link = document.querySelector("link[rel=canonical]");
      link.href = "https://shop.example.com/two";
      await a.page("Two");
      history.pushState({}, "", "/three?q=3");
      link.remove();
      await a.page("Three");
      document.head.append(link);
      await a.page("Four");`,
    events: 4,
  },
  {
    name: "a hash is not part of the URL, a query is",
    url: `${AT}?q=1#part`,
    code: `await a.page();`,
  },
  {
    name: "a hash with a question mark",
    url: `${AT}#/route?q=1`,
    code: `await a.page();`,
  },
  {
    name: "the referrer is the page before",
    drive: async ({ page, start }) => {
      await page.evaluate(thatLeaves(`location.href = "/next?from=cart"`));
      await page.waitForURL("**/next?from=cart");
      await page.waitForFunction("window.SDK");
      return start(`await a.page();`);
    },
  },
  {
    name: "after pushState an event has the page's new URL",
    code: `await a.page();
      history.pushState({}, "", "/second?q=2");
      document.title = "Second";
      await a.page();
      await a.track("E");`,
    events: 3,
  },
  {
    name: "an event recorded before the client has loaded has the page of its call",
    code: `const sent = a.track("E");
      history.pushState({}, "", "/second");
      document.title = "Second";
      await sent;`,
  },
  {
    name: "an initial page view is sent",
    options: `{ initialPageview: true }`,
    code: `await a;`,
  },
  {
    name: "an initial page view has the page at the call of load",
    options: `{ initialPageview: true }`,
    code: `history.pushState({}, "", "/later"); await a;`,
    better:
      "the first page view is of the page on which `load` was called, not of the page from which it is sent",
    expect: ({ events }) => assert.equal(events[0].context.page.path, "/cart"),
  },
  {
    name: "pageview names a path",
    code: `const [client] = await a; await client.pageview("/virtual");`,
  },
  {
    name: "btid in the query names the referrer",
    url: `${AT}?btid=B1`,
    code: `await a.track("E");`,
  },
  {
    name: "urid in the query names the referrer, for later pages too",
    drive: async ({ visit, start, stored }) => {
      await visit(`${AT}?urid=U1`);
      await start(`await a.track("E");`);
      await stored(1);
      await visit();
      await start(`await a.track("F");`);
    },
    events: 2,
  },
  {
    name: "an amp id comes from Google's cookie",
    seed: { cookies: { _ga: "amp-xyz" } },
    code: `await a.track("E");`,
  },
  {
    name: "another cookie of Google's is not an amp id",
    seed: { cookies: { _ga: "GA1.2.3" } },
    code: `await a.track("E");`,
  },
  {
    name: "client hints of high entropy are sent where load asks for them",
    options: `{ highEntropyValuesClientHints: ["architecture", "bitness", "model", "platformVersion"] }`,
    code: `await a.track("E");`,
  },
  {
    name: "without client hints there is no user agent data",
    init: `Object.defineProperty(navigator, "userAgentData", { value: undefined });`,
    code: `await a.track("E");`,
  },
  {
    name: "an options object used for two pages stays unchanged",
    code: `const options = { context: { mine: 1 } };
      await a.track("E", {}, options);
      history.pushState({}, "", "/second");
      await a.track("F", {}, options);
      return options;`,
    events: 2,
    better:
      "the caller's objects are never written to; Segment's client writes the first page into them",
    expect: ({ events, value }) => {
      assert.deepEqual(
        events.map(({ context }) => context.page.path),
        ["/cart", "/second"],
      );
      assert.deepEqual(value, { context: { mine: 1 } });
    },
  },
];
