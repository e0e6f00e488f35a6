// @ts-check
// What led a visitor to a shop whose pages change their address, which has several hosts, and which
// sends visitors away to pay and to sign in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { setScene } from "../privacy/scene.mjs";

const scene = setScene();
const SHOP = "http://www.shop.test";
const MAIL = "http://mail.test/";
const LANDING = "/shop.html?utm_source=mail&utm_campaign=c1&gclid=g1";
const CAUSE = {
  campaign: { source: "mail", name: "c1" },
  clickIds: { gclid: "g1" },
  referrer: MAIL,
};

/** Follows a link of the open page. @param {string} address */
async function follow(address) {
  const url = new URL(address, scene.page.url()).href;
  await scene.page.evaluate(
    `const link = document.createElement("a");
     link.href = ${JSON.stringify(url)}; document.body.append(link); link.click();`,
  );
  await scene.page.waitForURL(url);
}

/** Loads the client. @param {string} [more] options of attribution @param {string} [rest] more extensions */
const load = (more = "", rest = "") =>
  scene.start(
    `const { redaction } = await import("/waymark/redaction/index.js"); await analytics;`,
    `extensions: [entry.attribution({ firstTouch: true, lastTouch: true, ${more} }), ${rest}]`,
    "attribution/index",
  );

/** @param {string} name @returns {Promise<any>} what its event says led the visitor here */
async function touches(name) {
  await scene.run(`await analytics.track(${JSON.stringify(name)});`);
  const { event } = await eventually(async () =>
    (await scene.gateway.exportEvents()).find(
      ({ event }) => event.event === name,
    ),
  );
  return event.context.attribution;
}

/** The cause of a touch. @param {any} touch */
const cause = ({ campaign, clickIds, referrer }) =>
  Object.fromEntries(
    Object.entries({ campaign, clickIds, referrer }).filter(([, one]) => one),
  );

/** What the page does to its address. @type {Record<string, string>} */
const ROUTES = {
  "another path": `history.pushState({}, "", "/product/7.html");`,
  "a clean address": `history.replaceState({}, "", "/shop.html");`,
  "some of the parameters": `history.replaceState({}, "", "/shop.html?utm_source=mail");`,
  "a hash": `location.hash = "/product/7";`,
};

for (const [what, script] of Object.entries(ROUTES)) {
  for (const when of ["before", "after"]) {
    test(`a route to ${what} ${when} the first call takes no campaign away`, async () => {
      await scene.visit("/shop.html", "http://mail.test");
      await follow(SHOP + LANDING);
      if (when === "before") await scene.run(script);
      await load();
      const names = when === "after" ? ["Landed"] : [];
      const all = [];
      for (const name of names) all.push(await touches(name));
      await scene.run(script);
      all.push(await touches("Routed"));
      await scene.page.reload();
      await load();
      all.push(await touches("Reloaded"));
      await follow(`${SHOP}/next.html`);
      await load();
      all.push(await touches("Next"));
      await scene.page.goBack();
      await load();
      all.push(await touches("Back"));
      for (const { first, last } of all) {
        assert.deepEqual(cause(last), CAUSE);
        assert.deepEqual(first, last);
        assert.equal(first.landingPage, SHOP + LANDING);
      }
    });
  }
}

test("a campaign of a later route, and a later arrival from the same site, are touches of their own", async () => {
  await scene.visit("/shop.html", "http://mail.test");
  await follow(SHOP + LANDING);
  await load();
  await touches("Landed");
  await scene.run(`history.pushState({}, "", "/shop.html?utm_source=inapp");`);
  const routed = await touches("Routed");
  assert.deepEqual(cause(routed.first), CAUSE);
  assert.deepEqual(cause(routed.last), { campaign: { source: "inapp" } });
  await scene.page.goto("http://mail.test/next.html");
  await follow(`${SHOP}/shop.html`);
  await load();
  const bare = await touches("Bare");
  assert.deepEqual(cause(bare.first), CAUSE);
  assert.deepEqual(cause(bare.last), { referrer: MAIL });
});

test("two tabs do not take the last touch from each other in turns", async () => {
  const one = await scene.visit("/shop.html?utm_source=one", SHOP);
  await load();
  await touches("One");
  await scene.visit("/shop.html?utm_source=two", SHOP);
  await load();
  await touches("Two");
  scene.page = one;
  const { last } = await touches("Again");
  assert.deepEqual(cause(last), { campaign: { source: "two" } });
});

test("the address landed on is redacted, though it has changed before the first call", async () => {
  await scene.visit(
    "/shop.html?utm_source=mail&utm_content=ann%40example.org&token=S3CRET",
    SHOP,
  );
  await scene.run(`history.replaceState({}, "", "/shop.html");`);
  await load("", `(await import("/waymark/redaction/index.js")).redaction()`);
  const text = JSON.stringify(await touches("E"));
  assert.match(text, /mail/);
  assert.doesNotMatch(text, /ann|S3CRET/);
});

/** Hosts that a visitor comes from, the shop's host, and options. */
const NOTHING = [
  ["http://blog.shop.test", SHOP],
  ["http://shop.test", SHOP],
  [SHOP, "http://shop.test"],
  ["http://a.b.shop.test", SHOP],
  ["http://www.paypal.test", SHOP],
  ["http://checkout.stripe.test", SHOP],
  ["http://pay.bank.test", SHOP],
  ["http://accounts.google.test", SHOP],
  ["http://mail.test", SHOP, `ignoreReferrers: ["https://*.mail.test/"]`],
  ["http://in.mail.test", SHOP, `ignoreReferrers: "mail.test"`],
];
const SOMETHING = [
  ["http://other.test", "http://shop.test"],
  ["http://myshop.test", "http://shop.test"],
  ["http://www.paypal.test", SHOP, "ignoreProviders: false"],
  ["http://blog.shop.test", SHOP, "ignoreReferrers: []", "http://other.test"],
];

test("the shop's own hosts and providers refer nothing, and others do", async () => {
  for (const [table, isLed] of /** @type {const} */ ([
    [NOTHING, false],
    [SOMETHING, true],
  ])) {
    for (const [at, [from = "", to, more, via]] of table.entries()) {
      await scene.context.clearCookies();
      await scene.visit("/shop.html", via ?? from);
      if (via) await scene.page.goto(`${via}/next.html`);
      await follow(`${to}/shop.html`);
      await scene.run("localStorage.clear();");
      await load(more);
      const { last } = await touches(`${isLed} ${at}`);
      const expected = isLed ? `${via ?? from}/` : undefined;
      assert.equal(last.referrer, expected, `${from} → ${to} ${more}`);
      assert.doesNotMatch(await scene.run("return document.cookie;"), /tld/);
      await scene.page.close();
    }
  }
});

test("back from a payment provider, the campaign is still the last touch", async () => {
  await scene.visit("/shop.html", "http://mail.test");
  await follow(SHOP + LANDING);
  await load();
  await touches("Landed");
  await follow("http://checkout.stripe.test/shop.html");
  await follow(`${SHOP}/next.html`);
  await load();
  assert.deepEqual(cause((await touches("Paid")).last), CAUSE);
});

test("hosts that are addresses share no domain", async () => {
  await scene.visit(
    "/shop.html",
    "http://localhost:" + new URL(scene.site.origin).port,
  );
  await follow(`${scene.site.origin}/shop.html`);
  await load();
  assert.match((await touches("E")).last.referrer, /^http:..localhost:/);
  await follow(`${scene.site.origin}/next.html`);
  await scene.run("localStorage.clear();");
  await load();
  assert.equal((await touches("F")).last.referrer, undefined);
});
