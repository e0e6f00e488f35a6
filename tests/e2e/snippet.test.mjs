// @ts-check
// The script-tag build under Segment's own snippet, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { setShop } from "./shop.mjs";

/**
 * Segment's snippet 5.2.1 from its documentation; only the address is changed, to that of this
 * build.
 *
 * @param {object} options
 * @param {string} [options.key] the name of the global
 * @param {string} options.calls what the page calls at once, on `analytics`
 * @param {string} options.load the second argument of `load`
 */
const snippet = ({ key = "analytics", calls, load }) => `<!doctype html>
<title>Shop</title><link rel="canonical" href="https://shop.example/canonical">
<script>
  !function(){var i="${key}",analytics=window[i]=window[i]||[];if(!analytics.initialize)if(analytics.invoked)window.console&&console.error&&console.error("Segment snippet included twice.");else{analytics.invoked=!0;analytics.methods=["trackSubmit","trackClick","trackLink","trackForm","pageview","identify","reset","group","track","ready","alias","debug","page","screen","once","off","on","addSourceMiddleware","addIntegrationMiddleware","setAnonymousId","addDestinationMiddleware","register"];analytics.factory=function(e){return function(){if(window[i].initialized)return window[i][e].apply(window[i],arguments);var n=Array.prototype.slice.call(arguments);if(["track","screen","alias","group","page","identify"].indexOf(e)>-1){var c=document.querySelector("link[rel='canonical']");n.push({__t:"bpc",c:c&&c.getAttribute("href")||void 0,p:location.pathname,u:location.href,s:location.search,t:document.title,r:document.referrer})}n.unshift(e);analytics.push(n);return analytics}};for(var n=0;n<analytics.methods.length;n++){var key=analytics.methods[n];analytics[key]=analytics.factory(key)}analytics.load=function(key,n){var t=document.createElement("script");t.type="text/javascript";t.async=!0;t.setAttribute("data-global-segment-analytics-key",i);t.src="/waymark/waymark.iife.js";var r=document.getElementsByTagName("script")[0];r.parentNode.insertBefore(t,r);analytics._loadOptions=n};analytics._writeKey="demo-browser-key";;analytics.SNIPPET_VERSION="5.2.1";
  analytics.load("demo-browser-key", ${load});
  window.early = analytics;
  ${calls}
  }}();
</script>`;

/** @type {Record<string, string | Uint8Array>} */
const files = {};
const shop = setShop(files);

/** Opens a page with the snippet. @param {{ key?: string, calls: string, options?: object }} given */
async function open({ key, calls, options = {} }) {
  const load = JSON.stringify(shop.options(options));
  files["/shop.html"] = snippet({ key, calls, load });
  await shop.page.goto(`${shop.site.origin}/shop.html?q=1`);
}

test("the snippet's calls are made in order, each with its page", async () => {
  await open({
    calls: `analytics.page();
      analytics.track("Early", { n: 1 });
      history.pushState({}, "", "/later.html");
      analytics.identify("u1", { plan: "pro" });
      analytics.track("Later");`,
  });
  const events = (await shop.gateway.waitForEvents(4)).map(
    ({ event }) => event,
  );
  assert.deepEqual(
    events.map(({ type, event }) => event ?? type),
    ["page", "Early", "identify", "Later"],
  );
  const [first, early, , later] = events;
  assert.equal(first.context.page.url, "https://shop.example/canonical?q=1");
  assert.equal(early.context.page.search, "?q=1");
  assert.equal(early.context.page.path, "/canonical");
  assert.equal(early.userId ?? null, null);
  assert.deepEqual(early.properties, { n: 1 });
  assert.equal(later.context.page.search, "");
  assert.equal(later.userId, "u1");
});

test("the global becomes the loaded client, and older references pass calls on to it", async () => {
  await open({
    calls: `window.told = new Promise((done) => analytics.ready(() =>
      done([window.analytics.initialized, typeof window.analytics.user().id])));`,
  });
  assert.deepEqual(await shop.page.evaluate("told"), [true, "function"]);
  const seen = await shop.page.evaluate(`(async () => {
    const first = await analytics.track("By the global");
    const second = await early.track("By the stub");
    analytics.push(["track", "By push"]);
    early.push(["track", "By the stub's push"]);
    return [analytics === early, first.event.event, second.event.event];
  })()`);
  assert.deepEqual(seen, [false, "By the global", "By the stub"]);
  const events = await shop.gateway.waitForEvents(4);
  assert.deepEqual(
    events.map(({ event }) => event.event),
    ["By the global", "By the stub", "By push", "By the stub's push"],
  );
});

test("listeners, middleware and ids that the stub was given affect the first event", async () => {
  await open({
    calls: `window.heard = [];
      analytics.track("First");
      analytics.on("track", (name) => heard.push(name));
      analytics.setAnonymousId("a1");
      analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.properties.seen = true;
        next(payload);
      });
      analytics.pageview("/x");
      analytics.addIntegrationMiddleware();`,
  });
  const events = (await shop.gateway.waitForEvents(2)).map(
    ({ event }) => event,
  );
  assert.deepEqual(
    events.map(({ type, anonymousId }) => [type, anonymousId]),
    [
      ["track", "a1"],
      ["page", "a1"],
    ],
  );
  assert.equal(events[0].properties.seen, true);
  assert.deepEqual(await shop.page.evaluate("heard"), ["First"]);
});

test("the global may have another name", async () => {
  await open({ key: "segment", calls: `analytics.track("Named");` });
  const [{ event }] = await shop.gateway.waitForEvents(1);
  assert.equal(event.event, "Named");
  await shop.page.waitForFunction("segment.initialized");
  assert.equal(
    await shop.page.evaluate("typeof window.analytics"),
    "undefined",
  );
});

test("without the snippet the page loads the client itself", async () => {
  files["/shop.html"] = `<!doctype html><title>Shop</title>
    <script src="/waymark/waymark.iife.js"></script>
    <script>
      analytics.load({ writeKey: "demo-browser-key" }, { integrations: {
        "Segment.io": { apiHost: "${shop.gateway.host}/v1", protocol: "http" } } });
      analytics.track("Own");
    </script>`;
  await shop.page.goto(`${shop.site.origin}/shop.html`);
  const [{ event }] = await shop.gateway.waitForEvents(1);
  assert.equal(event.event, "Own");
});

test("a client from npm takes over the calls of a stub on the page", async () => {
  files["/shop.html"] = `<!doctype html><title>Shop</title>
    <script>
      const bpc = { __t: "bpc", c: undefined, p: "/then", u: "https://then.example/then?x=1",
        s: "?x=1", t: "Then", r: "" };
      window.own = [["track", "Stubbed", { n: 1 }, bpc], ["identify", "u1", bpc],
        ["setAnonymousId", "a1"], ["track", ""], ["nothing"], "no call"];
    </script>
    <script type="module">
      import { AnalyticsBrowser, getGlobalAnalytics } from "/waymark/index.js";
      window.client = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, {
        globalAnalyticsKey: "own", integrations: {
          "Segment.io": { apiHost: "${shop.gateway.host}/v1", protocol: "http" } } });
      client.track("Own");
      client.then(() => { window.found = getGlobalAnalytics() === own && own.length; });
    </script>`;
  await shop.page.goto(`${shop.site.origin}/shop.html`);
  const events = (await shop.gateway.waitForEvents(3)).map(
    ({ event }) => event,
  );
  assert.deepEqual(
    events.map(({ type, event, anonymousId }) => [event ?? type, anonymousId]),
    [
      ["Stubbed", "a1"],
      ["identify", "a1"],
      ["Own", "a1"],
    ],
  );
  assert.equal(events[0].context.page.url, "https://then.example/then?x=1");
  await shop.page.waitForFunction("found === 0");
});

/** Markup that a visitor may write, each of which shadows `document.currentScript`. */
const STAND_INS = [
  `<img name="currentScript" src="https://elsewhere.example/a.png">`,
  `<form name="currentScript" action="https://elsewhere.example/"></form>`,
  `<embed name="currentScript" src="https://elsewhere.example/b.svg">`,
  `<object name="currentScript" data="https://elsewhere.example/c.svg"></object>`,
  `<iframe name="currentScript" src="https://elsewhere.example/d.html"></iframe>`,
];

for (const markup of STAND_INS) {
  const [element = ""] = markup.match(/\w+/) ?? [];
  for (const form of ["the snippet", "a script tag"]) {
    test(`beside an <${element}> named currentScript, ${form} fetches the core from its own host`, async () => {
      const load = JSON.stringify(shop.options());
      files["/marked.html"] =
        markup +
        (form === "the snippet"
          ? snippet({ calls: `analytics.track("Marked");`, load })
          : `<script src="/waymark/waymark.iife.js"></script>
             <script>analytics.load({ writeKey: "demo-browser-key" }, ${load}); analytics.track("Marked");</script>`);
      /** @type {string[]} */
      const asked = [];
      shop.page.on("request", (request) => asked.push(request.url()));
      await shop.page.goto(`${shop.site.origin}/marked.html`, {
        waitUntil: "commit",
      });
      const [stored] = await shop.gateway.waitForEvents(1);
      assert.equal(stored?.event.event, "Marked");
      const ofCore = () =>
        asked.filter((url) => /\.wasm|core-script/.test(url));
      await eventually(() => ofCore().length > 0, { what: "the core" });
      for (const url of ofCore()) {
        assert.equal(new URL(url).origin, shop.site.origin);
      }
    });
  }
}
