// @ts-check
// Tracked links and forms, and calls from the query string, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "./shop.mjs";

const SHOP = `<!doctype html><title>Shop</title>
<a id="link" href="/next.html?by=link">Next</a>
<a id="blank" href="/next.html?by=blank" target="_blank">Next</a>
<div id="wrap"><i id="inner">Go</i><a href="/next.html?by=child">Next</a></div>
<svg width="20" height="20"><a id="svg" xlink:href="/next.html?by=svg"
  xmlns:xlink="http://www.w3.org/1999/xlink"><rect width="20" height="20"/></a></svg>
<form id="form" action="/next.html">
  <input name="q" value="tent">
  <button id="buy" name="do" value="buy">Buy</button>
  <button id="other" name="do" value="keep" formaction="/kept.html">Keep</button>
</form>`;
const NEXT = "<!doctype html><title>Next</title>";

const shop = setShop({
  "/shop.html": SHOP,
  "/next.html": NEXT,
  "/kept.html": NEXT,
});

beforeEach(() => shop.open("/shop.html"));

/**
 * Runs `code` as `shop.run` does; `$` finds an element by its id.
 *
 * @param {string} code
 * @param {object} [options] more options of `load`
 */
const run = (code, options) =>
  shop.run(`const $ = (id) => document.getElementById(id); ${code}`, options);

/** A plugin that takes longer over every event than a visitor has to wait. */
const SLOW = `await analytics.register({
  name: "slow", type: "enrichment", version: "1", isLoaded: () => true,
  load: async () => {}, track: () => new Promise(() => {}),
});`;
const PLUGIN = `await analytics.register({
  name: "own", type: "enrichment", version: "1", isLoaded: () => true,
  load: async () => {}, track: async (ctx) => ctx,
});`;

/** Waits for a page and returns its query. @param {string} path */
async function arrived(path = "/next.html") {
  await shop.page.waitForURL((url) => url.pathname === path);
  return new URL(shop.page.url()).search;
}

/** The only stored event. */
async function stored() {
  const [{ event }] = await shop.gateway.waitForEvents(1);
  return event;
}

for (const [how, before] of [
  ["recorded at once", "await analytics;"],
  ["on its way through a plugin", PLUGIN],
]) {
  test(`a click on a link records an event, then navigates: ${how}`, async () => {
    await run(`${before}
      await analytics.trackLink($("link"), "Clicked", { at: "top" });`);
    await shop.page.click("#link");
    assert.equal(await arrived(), "?by=link");
    const event = await stored();
    assert.equal(event.event, "Clicked");
    assert.deepEqual(event.properties, { at: "top" });
    assert.match(event.context.page.url, /shop\.html$/);
  });

  test(`a form records an event, then is submitted with its button: ${how}`, async () => {
    await run(`${before}
      await analytics.trackSubmit($("form"), "Sent", { at: "top" });`);
    await shop.page.click("#buy");
    assert.equal(await arrived(), "?q=tent&do=buy");
    const event = await stored();
    assert.equal(event.event, "Sent");
    assert.deepEqual(event.properties, { at: "top" });
  });
}

test("a click before the core has loaded is tracked", async () => {
  /** @type {() => void} */
  let goOn = () => {};
  const clicked = new Promise((done) => (goOn = () => done(undefined)));
  await shop.page.route("**/*.wasm", (route) =>
    clicked.then(() => route.continue()),
  );
  await run(`const attached = new Promise((done) => {
      const { addEventListener } = $("link");
      $("link").addEventListener = (...args) => {
        addEventListener.apply($("link"), args);
        done();
      };
    });
    analytics.trackLink($("link"), "Clicked");
    await attached;`);
  await shop.page.click("#link", { noWaitAfter: true });
  goOn();
  assert.equal(await arrived(), "?by=link");
  await run("await analytics;");
  assert.equal((await stored()).event, "Clicked");
});

test("a form goes to its button's own address", async () => {
  await run(`${PLUGIN} await analytics.trackSubmit($("form"), "Sent");`);
  await shop.page.click("#other");
  assert.equal(await arrived("/kept.html"), "?q=tent&do=keep");
  await shop.gateway.waitForEvents(1);
});

test("a visitor waits no longer than the timeout for an event that hangs", async () => {
  await run(`${SLOW} await analytics.trackLink($("link"), "Clicked");`);
  await shop.page.click("#link");
  assert.equal(await arrived(), "?by=link");
});

test("a new tab, a wrapped link and a link in an SVG go where they lead", async () => {
  await run(`await analytics;
    const links = [$("blank"), $("link"), $("wrap"), $("svg")];
    const list = { toArray: () => links };
    await analytics.trackClick(list, (el) => "Clicked " + el.id, (el) => ({ tag: el.tagName }));`);
  const popup = shop.page.waitForEvent("popup");
  await shop.page.click("#blank");
  const opened = shop.page.context().waitForEvent("page");
  await shop.page.click("#link", { modifiers: ["Control"] });
  await Promise.all([popup, opened]);
  assert.equal(new URL(shop.page.url()).pathname, "/shop.html");
  await shop.page.click("#inner");
  assert.equal(await arrived(), "?by=child");
  await shop.open("/shop.html");
  await run(`await analytics.trackClick([$("svg")], "Clicked svg");`);
  await shop.page.click("#svg rect");
  assert.equal(await arrived(), "?by=svg");
  const events = await shop.gateway.waitForEvents(4);
  assert.deepEqual(events.map(({ event }) => event.event).sort(), [
    "Clicked blank",
    "Clicked link",
    "Clicked svg",
    "Clicked wrap",
  ]);
});

test("a click that the page prevents is recorded, and goes nowhere", async () => {
  for (const before of ["await analytics;", PLUGIN]) {
    await run(`${before}
      $("form").addEventListener("submit", (e) => e.preventDefault());
      await analytics.trackSubmit([$("form")], "Sent");
      $("form").addEventListener("submit", (e) => e.preventDefault());`);
    await shop.page.click("#buy");
    await shop.open("/shop.html");
  }
  const events = await shop.gateway.waitForEvents(2);
  assert.equal(events.length, 2);
});

test("a form submitted by a script is sent once, by the page's own submit", async () => {
  const seen = await run(`await analytics;
    let heard = 0;
    const sent = new Promise((done) => { $("form").submit = done; });
    await analytics.trackSubmit($("form"), "Sent");
    $("form").addEventListener("submit", () => heard++);
    $("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await sent;
    return { heard, left: $("form").elements.length };`);
  assert.deepEqual(seen, { heard: 1, left: 3 });
  await shop.gateway.waitForEvents(1);
});

test("no element to track is accepted, and anything else is a TypeError", async () => {
  const seen = await run(`const [client] = await analytics;
    const all = await Promise.allSettled([
      analytics.trackLink(null, "x"), client.trackForm(null, "x"),
      analytics.trackSubmit([{}], "x"), client.trackForm("form", "x"),
    ]);
    return all.map(({ status, reason }) => reason?.name ?? status);`);
  assert.deepEqual(seen, ["fulfilled", "fulfilled", "TypeError", "TypeError"]);
});

test("the calls of the query string come before those of the page", async () => {
  await shop.page.goto(
    `${shop.site.origin}/shop.html?ajs_uid=U%201&ajs_trait_y=a+b&ajs_trait_n&ajs_event=Ev&ajs_prop_p=%41&ajs_prop_b=%&ajs_aid=QA`,
  );
  await run(`analytics.track("Own"); history.replaceState({}, "", "/shop.html");
    await analytics;`);
  const events = (await shop.gateway.waitForEvents(3)).map(
    ({ event }) => event,
  );
  assert.deepEqual(
    events.map(({ type, event }) => event ?? type),
    ["identify", "Ev", "Own"],
  );
  const [identify, track] = events;
  assert.deepEqual(
    [identify.userId, identify.anonymousId, identify.traits],
    ["U 1", "QA", { y: "a b" }],
  );
  assert.deepEqual(track.properties, { p: "A", b: "%" });
});

test("the hash may hold calls too, and load may switch them off", async () => {
  await shop.page.goto(
    `${shop.site.origin}/shop.html#/r?ajs_uid=u9&ajs_aid=evil`,
  );
  const seen = await run(
    `const [off] = await analytics;
    const before = off.user().id();
    const [some] = await AnalyticsBrowser.load({ writeKey: "demo-browser-key" },
      { ...off.options, useQueryString: { aid: /good/ } });
    return [before, some.user().id(), some.user().anonymousId() === "evil"];`,
    { useQueryString: false },
  );
  assert.deepEqual(seen, [null, "u9", false]);
});
