// @ts-check
// Makes a random visit: an address, a page, what an earlier visit has stored, and calls. By its
// seed, the same one each time.

/** @typedef {Pick<import("../conformance/scenario.mjs").Scenario, "url" | "head" | "seed" | "code">} Visit */

/** Numbers from 0 to 1 by a seed (mulberry32). @param {number} seed */
function randomBy(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TEXTS = [
  "",
  "Seen",
  'a "quote" and \\',
  "\u00e4\u4e2d\ud83d\ude00 \ud83d",
  "line\nbreak\u2028\u0000",
  "null",
  "x".repeat(300),
];

/** Properties and traits; some change an event's page, or are no JSON. */
const BAGS = [
  "{}",
  "{ price: 9.5, on: true, none: null, gone: undefined }",
  "{ products: [{ sku: 'a', price: 1 }, null, [2, 'b']], when: new Date(5) }",
  "{ name: 'Mine', category: 7, 1: 'first', 'a.b': -0 }",
  "{ big: 1e21, small: 1e-7, odd: NaN, huge: 12n, __proto__: { no: 1 } }",
  "{ ['__proto__']: 'own', constructor: 'c', toString: 'd' }",
  "{ url: 'https://other.example/', title: 'Mine' }",
  "{ email: 'a@b.example', plan: 'pro' }",
  "new Map([['a', 1]])",
];

const OPTIONS = [
  "{}",
  "{ context: { ip: '1.2.3.4' } }",
  "{ anonymousId: 'given' }",
  "{ integrations: { 'Segment.io': false } }",
  "{ timestamp: '2020-01-01T00:00:00.000Z' }",
];

const PATHS = ["/", "/a/b", "/caf%C3%A9", "/with space"];
const SEARCHES = [
  "",
  "?q=1",
  "?utm_source=g&utm_campaign=q&utm_term=a+b%20c",
  "?utm_source=a&utm_source=b&xutm_foo=1&UTM_x=1&utm_=0&utm_x",
  "?utm_content=%zz+1&utm___proto__=p&utm_name=n&utm_campaign=c",
  "?a?utm_medium=m&utm_id==2&gclid=7",
];
const HASHES = ["", "#top", "#/route?x=1"];

const CANONICALS = [
  "",
  "https://shop.example/c?x=1",
  "https://shop.example/c#y",
  "/relative",
  "odd path",
  "//other.example/p",
];

const ANONYMOUS = [
  undefined,
  '"known"',
  "plain-text",
  "4711",
  "null",
  '""',
  "[1]",
  '"\\u00e4"',
  '"half \\ud83d"',
];
const USERS = [undefined, '"u"', "null", "u", '""', "7", '"\\udc00 half"'];
const TRAITS = [undefined, "{}", '{"plan":"free","n":1.0}', "[]", "broken {"];
const COOKIES = [
  {},
  { ajs_anonymous_id: "of-cookie" },
  { ajs_anonymous_id: "%22quoted%22", ajs_user_id: "u" },
  { ajs_user_id: "caf%C3%A9" },
  { ajs_user_id: "%zz" },
  { _sio: "old----1" },
  { ajs_user: "%7B%22id%22%3A%22old%22%7D" },
];

/**
 * A visit of this seed.
 *
 * @param {number} seed
 * @returns {Visit & { url: string }}
 */
export function randomVisit(seed) {
  const random = randomBy(seed);
  /** @template T @param {readonly T[]} all @returns {T} */
  const one = (all) =>
    /** @type {T} */ (all[Math.floor(random() * all.length)]);
  /** The first of a list, most of the time: what is odd ends the lane. @template T @param {readonly T[]} all */
  const mostly = (all) =>
    random() < 0.7 ? /** @type {T} */ (all[0]) : one(all);
  const text = () => JSON.stringify(random() < 0.5 ? "Seen" : one(TEXTS));
  const bag = () => one(BAGS);
  /** The page of a call that Segment's snippet held. */
  const page = () =>
    `{ __t: "bpc", c: "", p: "/p", s: "", r: "", u: "https://shop.example/p", t: ${text()} }`;
  /** Options and a callback, now and then. */
  const rest = () =>
    (random() < 0.1 ? `, ${one(OPTIONS)}` : "") +
    (random() < 0.1 ? ", () => {}" : "");
  const call = () =>
    one([
      () => `a.track(${text()}, ${bag()}${rest()})`,
      () => `a.track(${text()}${mostly(["", ", undefined", ", null", ", f"])})`,
      () => `a.track(${text()}, ${bag()}, ${page()})`,
      () => `a.page(${text()}, ${bag()}${rest()})`,
      () => `a.page(${text()}, ${text()}, ${bag()}${rest()})`,
      () => `a.page(${mostly(["", bag(), text(), `null, ${text()}`])})`,
      () =>
        `a.identify(${mostly(['"u"', '"other"', "7", '""', text()])}, ${bag()}${rest()})`,
      () => `a.identify(${bag()})`,
      () =>
        one(["a.group('g')", "a.alias('u2')", "a.screen('S')", "a.reset()"]),
    ])();
  const calls = Array.from({ length: 1 + Math.floor(random() * 5) }, call);
  const anonymous = mostly(ANONYMOUS);
  const user = mostly(USERS);
  const traits = mostly(TRAITS);
  const storage = {
    ...(anonymous !== undefined && { ajs_anonymous_id: anonymous }),
    ...(user !== undefined && { ajs_user_id: user }),
    ...(traits !== undefined && { ajs_user_traits: traits }),
  };
  const canonical = mostly(CANONICALS);
  return {
    url: `http://any${one(PATHS)}${one(SEARCHES)}${one(HASHES)}`,
    head: canonical && `<link rel="canonical" href="${canonical}">`,
    seed: { storage, cookies: /** @type {any} */ (mostly(COOKIES)) },
    code: `const f = () => {};
      document.title = ${JSON.stringify(one(TEXTS))};
      ${calls.map((code) => `void ${code};`).join("\n")}`,
  };
}
