// @ts-check
// What development says when no server has taken an event for half a minute, cause by cause, and
// when `load` is never called. The page's clock is the test's; the servers are real.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

const HTML = `<!doctype html><link rel="icon" href="data:,"><title>Shop</title>`;
const POLICY = "script-src 'self' 'unsafe-eval'; connect-src 'self'";
const PREFIX = "waymark: no server has taken an event for 30 s: ";
/** Half a minute and a little, in milliseconds of the page's clock. */
const LONG_MS = 31_000;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {import("playwright-core").BrowserContext} */
let context;
/** @type {Record<string, string | Uint8Array>} */
let files;
/** @type {(() => Promise<void>)[]} */
let ends;
/** @type {string[]} */
let said;

before(async () => {
  files = { "/": HTML, ...(await packageFiles()) };
  browser = await launchChromium({
    args: ["--host-resolver-rules=MAP nowhere.example ~NOTFOUND"],
  });
  gateway = await startGateway({
    sources: [
      {
        name: "shop",
        allowedOrigins: ["*"],
        keys: [{ key: "demo-browser-key", kind: "browser" }],
      },
      {
        name: "other",
        allowedOrigins: ["https://other.example"],
        keys: [{ key: "other-browser-key", kind: "browser" }],
      },
    ],
  });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});
beforeEach(async () => {
  ends = [];
  said = [];
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  for (const end of ends) await end();
});

/**
 * A server that answers everything in the same way.
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {string} [body]
 * @returns {Promise<string>} its `host:port`
 */
async function answering(status, headers, body = "") {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  ends.push(() => shut(server));
  return listen(server);
}

/** Opens a page whose clock stands still. @param {Record<string, string>} [headers] */
async function open(headers = {}) {
  const site = await servePage(files, headers);
  ends.push(() => site.close());
  const page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(`thrown: ${error.message}`));
  await page.clock.install();
  await page.goto(`${site.origin}/`);
  return page;
}

/** What development said of delivery. */
const told = () => said.filter((line) => line.startsWith(PREFIX));

/**
 * Records an event for a server, lets half a minute go by, and returns what is said.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} apiHost
 * @param {string} [writeKey]
 */
async function toldAfterHalfAMinute(
  page,
  apiHost,
  writeKey = "demo-browser-key",
) {
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    globalThis.analytics = AnalyticsBrowser.load(
      { writeKey: "${writeKey}" },
      { integrations: { "Segment.io": { apiHost: "${apiHost}", protocol: "http" } } });
    void analytics.track("Seen");
    await analytics;
    await import("/waymark/waymark.development.js");
  })()`);
  await page.clock.runFor(LONG_MS);
  await eventually(() => told().length > 0, { what: () => said.join("\n") });
  // Once is enough.
  await page.clock.runFor(LONG_MS);
  assert.equal(told().length, 1, told().join("\n"));
  assert.deepEqual(
    said.filter((line) => line.startsWith("thrown")),
    [],
  );
  return told()[0]?.slice(PREFIX.length) ?? "";
}

const CORS = { "access-control-allow-origin": "*" };

test("a key that the server does not know", async () => {
  const page = await open();
  const why = await toldAfterHalfAMinute(
    page,
    `${gateway.host}/v1`,
    "no-such-key",
  );
  assert.match(
    why,
    /answers 401 \(unknown_write_key\).*write key: give load\(\)/,
  );
});

test("an origin that the source does not allow", async () => {
  const page = await open();
  const why = await toldAfterHalfAMinute(
    page,
    `${gateway.host}/v1`,
    "other-browser-key",
  );
  assert.match(
    why,
    /403 \(origin_not_allowed\): allow the page's origin, http:\/\/127/,
  );
});

test("a path that is not the API's", async () => {
  const page = await open();
  const host = await answering(404, CORS, "{}");
  const why = await toldAfterHalfAMinute(page, `${host}/v2`);
  assert.match(
    why,
    /answers with HTTP 404, so it is not the API: correct integrations\["Segment.io"\].apiHost/,
  );
});

test("a host that answers with a page", async () => {
  const page = await open();
  const host = await answering(
    200,
    { ...CORS, "content-type": "text/html" },
    HTML,
  );
  const why = await toldAfterHalfAMinute(page, `${host}/v1`);
  assert.match(why, /answers with a page of HTML, so it is not the API/);
});

test("a server in trouble", async () => {
  const page = await open();
  const host = await answering(503, CORS, "{}");
  assert.match(
    await toldAfterHalfAMinute(page, `${host}/v1`),
    /answers 503: events wait/,
  );
});

test("a server that lets no page read it (CORS)", async () => {
  const page = await open();
  const host = await answering(200, {}, "{}");
  const why = await toldAfterHalfAMinute(page, `${host}/v1`);
  assert.match(
    why,
    /answers, but does not let this page read it \(CORS\).*allow the origin http/,
  );
});

test("requests that an extension blocks by their path", async () => {
  const page = await open();
  // What an extension does looks like this to the page.
  await page.route(`${gateway.url}/v1/**`, (route) =>
    route.abort("blockedbyclient"),
  );
  const why = await toldAfterHalfAMinute(page, `${gateway.host}/v1`);
  assert.match(why, /are blocked in the browser: switch off the extension/);
});

test("a name that is in no DNS", async () => {
  const page = await open();
  const why = await toldAfterHalfAMinute(page, "nowhere.example/v1");
  assert.match(why, /no server can be reached at nowhere.example.*\(DNS\)/);
});

test("a server that does not run", async () => {
  const page = await open();
  const server = createServer();
  const host = await listen(server);
  await shut(server);
  const why = await toldAfterHalfAMinute(page, `${host}/v1`);
  assert.match(why, /no server can be reached.*that the server runs/);
});

test("a policy that forbids the requests", async () => {
  const page = await open({ "content-security-policy": POLICY });
  const why = await toldAfterHalfAMinute(page, `${gateway.host}/v1`);
  assert.match(
    why,
    /Content-Security-Policy forbids requests to http:.*connect-src/,
  );
});

test("nothing is said while events arrive, and while consent is missing", async () => {
  const page = await open();
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    const integrations = { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } };
    globalThis.asked = AnalyticsBrowser.load({ writeKey: "demo-browser-key" },
      { integrations, consent: "required" });
    void asked.track("Held");
    globalThis.analytics = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, { integrations });
    void analytics.track("Taken");
    await import("/waymark/waymark.development.js");
  })()`);
  await page.waitForFunction(`analytics.delivery().acknowledged === 1`);
  await page.clock.runFor(LONG_MS);
  assert.deepEqual(said, []);
});

test("a client whose files do not come", async () => {
  const page = await open();
  await page.route(/start-\w+\.js$/, (route) => route.abort());
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    void AnalyticsBrowser.load({ writeKey: "demo-browser-key" }).track("Held");
    await import("/waymark/waymark.development.js");
  })()`);
  await page.clock.runFor(LONG_MS);
  await eventually(() => told().length > 0, { what: () => said.join("\n") });
  assert.match(told()[0] ?? "", /the SDK's own files have not come/);
});

const WAITING =
  /^waymark: calls wait for load\(\), which was not called for 5 s: call /;

test("calls that no load follows are told after some seconds, once", async () => {
  const page = await open();
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    globalThis.analytics = new AnalyticsBrowser();
    void analytics.track("Waits");
    void analytics.page();
    await import("/waymark/waymark.development.js");
  })()`);
  await page.clock.runFor(LONG_MS);
  await eventually(() => said.length > 0);
  await page.evaluate(`void new analytics.constructor().track("Waits, too")`);
  await page.clock.runFor(LONG_MS);
  assert.equal(said.length, 1, said.join("\n"));
  assert.match(said[0] ?? "", WAITING);
});

test("calls before a load that comes, or is refused, are not told", async () => {
  const page = await open();
  await page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    const [comes, refused] = [new AnalyticsBrowser(), new AnalyticsBrowser()];
    void comes.track("Waits");
    comes.load({ writeKey: "demo-browser-key" }, { consent: "required" });
    void refused.track("Lost");
    refused.load({ writeKey: "" });
    void refused.track("Lost, too");
    await import("/waymark/waymark.development.js");
  })()`);
  await page.clock.runFor(LONG_MS);
  assert.deepEqual(said, [
    "waymark: load() needs a writeKey; nothing is recorded",
  ]);
});
