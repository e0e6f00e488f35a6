// @ts-check
// Cookies and localStorage as earlier visits, other libraries and other settings left them.
import assert from "node:assert/strict";

/** @typedef {import("../scenario.mjs").Scenario} Scenario */

/** Reads everything back, then sends an event. */
const READ = `await a;
  const user = await a.user();
  const group = await a.group();
  const seen = [user.id(), user.anonymousId(), user.traits(), group.id(), group.traits()];
  await a.track("E");
  return seen;`;

/** Cookies and storage that an earlier visit left. @type {Record<string, Scenario["seed"]>} */
const SEEDS = {
  "an id in localStorage only": {
    storage: { ajs_user_id: '"u"', ajs_anonymous_id: '"A"' },
  },
  "an id in a cookie only": {
    cookies: { ajs_user_id: "u", ajs_anonymous_id: "A" },
  },
  traits: {
    storage: { ajs_user_id: '"u"', ajs_user_traits: '{"t":{"n":[1,null]}}' },
  },
  "a group": {
    storage: { ajs_group_id: '"g"', ajs_group_properties: '{"n":1}' },
  },
  "an old client's quoted cookie": {
    cookies: { ajs_user_id: "%22u%22", ajs_anonymous_id: "%22A%22" },
  },
  "an id that is a number in localStorage": {
    storage: { ajs_user_id: "123", ajs_anonymous_id: "456" },
  },
  "plain text in localStorage": {
    storage: { ajs_user_id: "u", ajs_anonymous_id: "A" },
  },
  "two anonymous ids": {
    cookies: { ajs_anonymous_id: "C" },
    storage: { ajs_anonymous_id: '"L"' },
  },
  "two user ids": {
    cookies: { ajs_user_id: "C" },
    storage: { ajs_user_id: '"L"' },
  },
  "an empty anonymous id in the cookie": {
    cookies: { ajs_anonymous_id: "" },
    storage: { ajs_anonymous_id: '"L"' },
  },
  "an empty anonymous id in localStorage": {
    cookies: { ajs_anonymous_id: "C" },
    storage: { ajs_anonymous_id: '""' },
  },
  "null for every id in localStorage": {
    storage: { ajs_user_id: "null", ajs_anonymous_id: "null" },
  },
  "an older client's _sio cookie": {
    cookies: { _sio: "SIO----u" },
  },
  "a percent-encoded cookie": {
    cookies: { ajs_user_id: "u%20%C3%BC%3B%2C=%22x%22&:/@+%25" },
  },
  "a cookie that is badly encoded": {
    cookies: { ajs_user_id: "100%", ajs_anonymous_id: "A%zz" },
  },
};

/** Ids that Segment's client reads back as something else on a sibling subdomain. */
const ODD_IDS = {
  "of twenty digits": "12345678901234567890",
  "that reads true": "true",
  "that reads null": "null",
  "that looks like an object": '{"a":1}',
  "that looks like a power of ten": "1e3",
};

/** Values of the `cookie` option, with which attributes are compared. */
const COOKIE_OPTIONS = {
  "a path": `{ path: "/cart" }`,
  "a number of days": `{ maxage: 30 }`,
  secure: `{ secure: true }`,
  "a strict same-site rule": `{ sameSite: "Strict" }`,
  "a domain": `{ domain: "shop.example.com" }`,
  everything: `{ domain: "example.com", maxage: 7, path: "/", secure: true, sameSite: "None" }`,
};

/** Values of the `storage`, `user` and `group` options. */
const STORES = {
  "storage in localStorage only": `{ storage: { stores: ["localStorage"] } }`,
  "storage in memory only": `{ storage: { stores: ["memory"] } }`,
  "an unknown store": `{ storage: { stores: ["bogus"] } }`,
  "no client persistence": `{ disableClientPersistence: true }`,
  "a user that does not persist": `{ user: { persist: false } }`,
  "a group that does not persist": `{ group: { persist: false } }`,
  "a disabled user": `{ user: { disable: true } }`,
  "a disabled group": `{ group: { disable: true } }`,
  "a user without localStorage as fallback": `{ user: { localStorageFallbackDisabled: true } }`,
  "custom keys for the user": `{ user: { cookie: { key: "my_user" }, localStorage: { key: "my_traits" } } }`,
  "custom keys for the group": `{ group: { cookie: { key: "my_group" }, localStorage: { key: "my_group_traits" } } }`,
  "a store for the user alone": `{ user: { storage: { stores: ["memory"] } } }`,
};

/** Hosts, with the domain of their cookies. */
const HOSTS = [
  "https://localhost/cart",
  "https://a.b.shop.co.uk/cart",
  "https://192.168.1.7/cart",
  "https://example.org/cart",
  "https://deep.down.under.example.com/cart",
];

/** @type {Scenario[]} */
export const scenarios = [
  ...Object.entries(SEEDS).map(([what, seed]) => ({
    name: `an earlier visit left ${what}`,
    seed,
    code: READ,
  })),
  {
    name: "an earlier visit left broken traits",
    seed: { storage: { ajs_user_id: '"u"', ajs_user_traits: '{"t":' } },
    code: READ,
    better:
      "unreadable traits count as absent; Segment's client returns the broken text as traits",
    expect: ({ value, events }) => {
      const [id, , traits] = /** @type {any[]} */ (value);
      assert.deepEqual([id, traits, events.length], ["u", {}, 1]);
    },
  },
  {
    name: "an older client's ajs_user cookie is the user's, not the group's",
    seed: {
      cookies: { ajs_user: encodeURIComponent('{"id":"u","traits":{"t":1}}') },
    },
    code: READ,
    better:
      "the old cookie names a user; Segment's client takes it for the group's id and traits too",
    expect: ({ value }) => {
      const [id, , traits, groupId, groupTraits] = /** @type {any[]} */ (value);
      assert.deepEqual([id, traits], ["u", { t: 1 }]);
      assert.deepEqual([groupId ?? null, groupTraits], [null, {}]);
    },
  },
  ...Object.entries(ODD_IDS).map(([what, id]) => ({
    name: `an id ${what} is the same on another subdomain`,
    drive: async (/** @type {import("../scenario.mjs").Stage} */ stage) => {
      await stage.start(`await a.identify(${JSON.stringify(id)});`);
      await stage.stored(1);
      await stage.visit("https://blog.example.com/");
      return stage.start(`await a.track("E"); return (await a.user()).id();`);
    },
    events: 2,
    better:
      "an id is text and stays unchanged; Segment's client parses the cookie as JSON and stores the damage",
    expect: (
      /** @type {import("../scenario.mjs").Outcome} */ { events, value },
    ) => {
      assert.equal(events[1].userId, id);
      assert.equal(value, id);
    },
  })),
  {
    name: "an ordinary id is the same on another subdomain",
    drive: async ({ start, stored, visit }) => {
      await start(`await a.identify("user-1", { t: 1 });`);
      await stored(1);
      await visit("https://blog.example.com/");
      return start(`await a.track("E"); return (await a.user()).id();`);
    },
    events: 2,
  },
  ...Object.entries(COOKIE_OPTIONS).map(([what, cookie]) => ({
    name: `cookies can have ${what}`,
    options: `{ cookie: ${cookie} }`,
    code: `await a.identify("u", { t: 1 });`,
  })),
  ...Object.entries(STORES).map(([what, options]) => ({
    name: `an identity with ${what}`,
    options,
    code: `await a.track("E");
      await a.identify("u", { t: 1 });
      await a.group("g", { n: 1 });
      const user = await a.user();
      return [user.id(), user.traits(), (await a.group()).id()];`,
    events: 3,
  })),
  {
    name: "an identity in cookies only keeps its traits",
    options: `{ storage: { stores: ["cookie"] } }`,
    code: `await a.identify("u", { t: 1 });`,
    better:
      "traits that no store may hold are still sent; Segment's client sends none",
    expect: ({ events }) => assert.deepEqual(events[0].traits, { t: 1 }),
  },
  ...HOSTS.map((url) => ({
    name: `cookies on ${new URL(url).hostname}`,
    url,
    code: `await a.identify("u");`,
  })),
  {
    name: "two clients on a page share the visitor",
    code: `await a.identify("u", { t: 1 });
      const b = SDK.AnalyticsBrowser.load({ writeKey: "WK2" });
      await b.track("E");
      return [(await b.user()).id(), (await b.user()).traits()];`,
    events: 2,
  },
  {
    name: "a visit continues on the next page",
    drive: async ({ start, stored, visit }) => {
      await start(
        `await a.identify("u", { t: 1 }); await a.group("g", { n: 1 });`,
      );
      await stored(2);
      await visit();
      return start(
        `await a.identify({ k: 2 }); await a.track("E"); return (await a.group()).traits();`,
      );
    },
    events: 4,
  },
  {
    name: "a second tab has the same visitor",
    drive: async ({ start, stored, visit, context }) => {
      await start(`await a.identify("u", { t: 1 });`);
      await stored(1);
      const tab = await context.newPage();
      await visit(undefined, tab);
      return start(
        `await a.track("E"); return (await a.user()).traits();`,
        tab,
      );
    },
    events: 2,
  },
  {
    name: "a logout in one tab is a logout in the other",
    drive: async ({ start, run, stored, visit, context }) => {
      await start(`await a.identify("u", { t: 1 });`);
      const tab = await context.newPage();
      await visit(undefined, tab);
      await start(`await a.track("Second tab");`, tab);
      await stored(2);
      await run(`await a.reset(); await a.track("After logout");`);
      await stored(3);
      await run(`await a.track("Second tab again");`, tab);
      await stored(4);
      await run(`await a.track("First tab again");`);
    },
    events: 5,
    better:
      "a logout in one tab holds for all; with Segment's client another tab writes the user back",
    expect: ({ events, cookies }) => {
      assert.deepEqual(
        events.slice(2).map(({ userId }) => userId),
        [null, null, null],
      );
      assert.ok(!cookies.some(({ name }) => name === "ajs_user_id"));
    },
  },
];
