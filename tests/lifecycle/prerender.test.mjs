// @ts-check
// Pages that Chromium prerenders (speculation rules), against the real gateway.
import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { openAlone } from "./lone-browser.mjs";
import { TOLD, ToldServer } from "./told-server.mjs";

const RULES = JSON.stringify({
  prerender: [{ source: "list", urls: ["/next"], eagerness: "immediate" }],
});

/** The first page, which has another one prerendered and goes where the test says. */
const FIRST = `<!doctype html><title>First</title>
  <script type="speculationrules">${RULES}</script>
  <script>${TOLD}
    word("go").then(() => { location.href = "/next"; });
    word("go-elsewhere").then(() => { location.href = "/elsewhere"; });
  </script>`;

/** In the page: what is stored for its origin. */
const LEFT = `const left = async () => ({
    prerendering: document.prerendering,
    cookies: document.cookie,
    stored: [Object.keys(localStorage), Object.keys(sessionStorage)],
    databases: (await indexedDB.databases()).map(({ name }) => name),
    fetched: performance.getEntriesByType("resource")
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => /waymark_bg|\\/v1\\//.test(path)),
  });`;

/** @type {ToldServer} */
let shop;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Record<string, Uint8Array>} */
let files;

before(async () => {
  files = await packageFiles();
});
beforeEach(async () => {
  gateway = await startGateway();
  shop = new ToldServer({});
  await shop.open();
});
afterEach(async () => {
  await shop.close();
  await gateway.stop();
});

/**
 * The page that is prerendered.
 *
 * @param {object} options of `load`
 * @param {string} [more] code after `load`
 */
function next(options, more = "") {
  const load = {
    initialPageview: true,
    autoPage: true,
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
    ...options,
  };
  return `<!doctype html><title>Next</title><script type="module">
    import { AnalyticsBrowser } from "/waymark/index.js";
    ${TOLD} ${LEFT}
    const analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
    analytics.track("Early");
    document.addEventListener("prerenderingchange", () => {
      tell("shown", Date.now());
    });
    ${more}
    tell("made", await left());
  </script>`;
}

const NOTHING = {
  prerendering: true,
  cookies: "",
  stored: [[], []],
  databases: [],
  fetched: [],
};

test("a prerendered page sends and stores nothing until it is shown, and records that time", async () => {
  shop.files = { ...files, "/": FIRST, "/next": next({}) };
  const browser = await openAlone(`${shop.origin}/`);
  try {
    assert.deepEqual(await shop.told("made"), NOTHING);
    assert.deepEqual(await gateway.exportEvents(), []);
    const toldMs = Date.now();
    shop.say("go");
    const shownMs = await shop.told("shown");
    const stored = await gateway.waitForEvents(2);
    const events = stored.map(({ event }) => event);
    assert.deepEqual(
      events.map(({ type, event, context }) => [
        type,
        event,
        new URL(context.page.url).pathname,
        context.page.referrer,
      ]),
      [
        ["page", undefined, "/next", `${shop.origin}/`],
        ["track", "Early", "/next", `${shop.origin}/`],
      ],
    );
    for (const { originalTimestamp, timestamp } of events) {
      const atMs = Date.parse(originalTimestamp ?? timestamp);
      assert.ok(atMs >= toldMs, "not before the page was shown");
      assert.ok(Math.abs(atMs - shownMs) < 60_000, "a real time");
    }
  } finally {
    await browser.close();
  }
});

test("a prerendered page that is never shown leaves nothing", async () => {
  shop.files = {
    ...files,
    "/": FIRST,
    "/next": next({}),
    "/elsewhere": `<!doctype html><title>Elsewhere</title><script type="module">
      import { AnalyticsBrowser } from "/waymark/index.js";
      ${TOLD} ${LEFT}
      tell("elsewhere", await left());
      const analytics = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, {
        integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } });
      analytics.track("Elsewhere");
    </script>`,
  };
  const browser = await openAlone(`${shop.origin}/`);
  try {
    await shop.told("made");
    shop.say("go-elsewhere");
    const nothing = { ...NOTHING, prerendering: false };
    assert.deepEqual(await shop.told("elsewhere"), nothing);
    const stored = await gateway.waitForEvents(1);
    assert.deepEqual(
      stored.map(({ event }) => event.event),
      ["Elsewhere"],
    );
  } finally {
    await browser.close();
  }
});

const GRANT = `analytics.consent.update({ analytics: true });`;
for (const [when, more] of [
  ["before the page is shown", GRANT],
  [
    "after it",
    `document.addEventListener("prerenderingchange", () => { ${GRANT} });`,
  ],
]) {
  test(`consent given ${when} counts once the page is shown`, async () => {
    const page = next({ consent: "required" }, more);
    shop.files = { ...files, "/": FIRST, "/next": page };
    const browser = await openAlone(`${shop.origin}/`);
    try {
      assert.deepEqual(await shop.told("made"), NOTHING);
      const toldMs = Date.now();
      shop.say("go");
      const stored = await gateway.waitForEvents(2);
      for (const { event } of stored) {
        const at = event.originalTimestamp ?? event.timestamp;
        assert.ok(Date.parse(at) >= toldMs, `${event.type} at ${at}`);
      }
    } finally {
      await browser.close();
    }
  });
}
