// @ts-check
// Touches, sessions and linked domains in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { setScene } from "../privacy/scene.mjs";

const scene = setScene();
const ENTRY = "attribution/index";
const ALL = `extensions: [entry.attribution({ firstTouch: true, lastTouch: true, session: true })]`;
const KEYS = `return Object.keys(localStorage).filter((key) => /attribution|session/.test(key)).sort();`;
const KEPT = ["waymark:attribution", "waymark:session"];

/** The events in the order of their names: tabs do not wait for each other. @param {number} count */
async function named(count) {
  const events = await scene.gateway.waitForEvents(count);
  return events
    .map(({ event }) => event)
    .sort((a, b) => (a.event < b.event ? -1 : 1));
}

/** Their contexts. @param {number} count */
const contexts = async (count) =>
  (await named(count)).map(({ context }) => context);

test("the first touch stays, the last is the last that led here, and a direct visit is none", async () => {
  const queries = [
    "?utm_source=mail&gclid=g1",
    "",
    "?utm_source=ad&token=S3CRET",
    "",
  ];
  for (const [at, query] of queries.entries()) {
    await scene.visit(`/shop.html${query}`);
    await scene.start(`await analytics.track("E${at}");`, ALL, ENTRY);
    await scene.gateway.waitForEvents(at + 1);
    await scene.page.close();
  }
  const all = (await contexts(4)).map(({ attribution }) => attribution);
  for (const { first } of all) {
    assert.deepEqual(first.campaign, { source: "mail" });
    assert.deepEqual(first.clickIds, { gclid: "g1" });
    assert.equal(
      first.landingPage,
      `${scene.site.origin}/shop.html${queries[0]}`,
    );
    assert.equal(first.at, all[0].first.at);
  }
  assert.deepEqual(
    all.map(({ last }) => last.campaign.source),
    ["mail", "mail", "ad", "ad"],
  );
  assert.match(all[3].last.landingPage, /token=redacted$/);
});

test("tabs share a session, and reset ends it", async () => {
  for (const name of ["A", "B"]) {
    await scene.visit();
    await scene.start(`await analytics.track("${name}");`, ALL, ENTRY);
  }
  await scene.run(`await analytics.reset(); await analytics.track("C");`);
  const [a, b, c] = (await contexts(3)).map(({ session }) => session);
  assert.deepEqual(b, a);
  assert.equal(a.number, 1);
  assert.notEqual(c.id, a.id);
  assert.ok(Date.parse(c.startedAt) >= Date.parse(a.startedAt));
});

test("each is off unless it is asked for", async () => {
  await scene.visit("/shop.html?utm_source=mail");
  await scene.start(
    `await analytics.track("A");`,
    `extensions: [entry.attribution({})]`,
    ENTRY,
  );
  const [context] = await contexts(1);
  assert.equal(context.attribution, undefined);
  assert.equal(context.session, undefined);
  assert.deepEqual(await scene.run(KEYS), []);
});

test("nothing is kept before the visitor agrees, and it is erased when he does not", async () => {
  await scene.visit();
  const early = await scene.start(
    `analytics.track("A"); ${KEYS}`,
    `consent: "required", ${ALL}`,
    ENTRY,
  );
  assert.deepEqual(early, []);
  await scene.run(
    `analytics.consent.update({ analytics: true }); await analytics;`,
  );
  await scene.gateway.waitForEvents(1);
  assert.deepEqual(await scene.run(KEYS), KEPT);
  await scene.run(`analytics.consent.update({ analytics: false });`);
  await eventually(async () => (await scene.run(KEYS)).length === 0);
});

test("nothing is kept by a client that keeps everything in memory", async () => {
  await scene.visit();
  await scene.start(
    `await analytics.track("A"); await analytics.track("B");`,
    `disableClientPersistence: true, ${ALL}`,
    ENTRY,
  );
  const [a, b] = await contexts(2);
  assert.deepEqual(a.session, b.session);
  assert.deepEqual(await scene.run(KEYS), []);
});

const LINKS = `{ key: "a key of the shop's domains", domains: ["localhost"] }`;

test("a visitor who follows a decorated link is the same on the other domain", async () => {
  const { port } = new URL(scene.site.origin);
  const other = `http://localhost:${port}/next.html?q=1`;
  const page = await scene.visit();
  await scene.start(
    `await analytics.track("Here");
     entry.decorateLinks(analytics, ${LINKS});
     document.body.innerHTML = '<a href="${other}">On</a><a href="/next.html">Own</a>';`,
    "",
    ENTRY,
  );
  await page.locator("a").last().dispatchEvent("pointerdown");
  await page.locator("a").first().dispatchEvent("pointerdown");
  await page.waitForFunction(`document.links[0].href.includes("wm_link=")`);
  assert.doesNotMatch(
    String(await page.locator("a").last().getAttribute("href")),
    /wm_link/,
  );
  await page.locator("a").first().click();
  await page.waitForURL(/next\.html/);
  await scene.run(`const { incomingVisitor } = await import("/waymark/attribution/index.js");
    globalThis.visitor = incomingVisitor(${LINKS});`);
  assert.equal(page.url(), other);
  await scene.start(
    `analytics.setAnonymousId(await globalThis.visitor); await analytics.track("There");`,
    "",
    ENTRY,
  );
  const [here, there] = await named(2);
  assert.equal(there.anonymousId, here.anonymousId);
  assert.equal(there.context.page.search, "?q=1");
});

test("a link that is forged, late or of another host is none", async () => {
  await scene.visit();
  const seen = await scene.run(`
    const { signLink, incomingVisitor } = await import("/waymark/attribution/index.js");
    const options = { key: "a key of the shop's domains", domains: ["127.0.0.1", "localhost"] };
    const { port } = location;
    // As if from another port of this host, and as if to another host.
    const own = await signLink("http://127.0.0.1:1/", "visitor", options, 1_000_000);
    const far = await signLink("http://localhost:" + port + "/", "visitor", options, 1_000_000);
    const comes = async (link, nowMs, key = options.key) => {
      history.replaceState({}, "", "/shop.html" + new URL(link).search);
      return String(await incomingVisitor({ key }, nowMs)) + " " + location.search;
    };
    return [
      await comes(own, 1_000_000),
      await comes(own, 1_119_000),
      await comes(own, 1_121_000),
      await comes(own, 1_000_000, "another key"),
      await comes(own.replace("wm_link=", "wm_link=eA"), 1_000_000),
      await comes(far, 1_000_000),
      await comes("http://x/?wm_link=garbage", 1_000_000),
      await signLink("https://elsewhere.example/", "visitor", options),
    ];`);
  const refused = Array(5).fill("undefined ");
  const plain = "https://elsewhere.example/";
  assert.deepEqual(seen, ["visitor ", "visitor ", ...refused, plain]);
});

test("an address may not say who the visitor is where that is switched off", async () => {
  await scene.visit("/shop.html?ajs_uid=somebody&ajs_aid=else");
  await scene.start(`await analytics.track("A");`, "useQueryString: false");
  const [stored] = await scene.gateway.waitForEvents(1);
  assert.equal(stored?.userId, null);
  assert.notEqual(stored?.anonymousId, "else");
});
