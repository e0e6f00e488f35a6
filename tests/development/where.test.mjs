// @ts-check
// Where development's warnings are given: by the page's host, by `debug`, and nowhere else. In
// production their file is not even asked for.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

const FILE = "/waymark/waymark.development.js";
const HTML = `<!doctype html><link rel="icon" href="data:,"><title>Shop</title>`;
const MODULES = `${HTML}<script type="module">
  import { AnalyticsBrowser } from "/waymark/index.js";
  globalThis.analytics = new AnalyticsBrowser();
</script>`;
const SCRIPT_TAG = `${HTML}<script src="/waymark/waymark.iife.js"></script>`;

/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").BrowserContext} */
let context;

before(async () => {
  const pages = { "/modules.html": MODULES, "/script-tag.html": SCRIPT_TAG };
  site = await servePage({ ...pages, ...(await packageFiles()) });
  gateway = await startGateway();
  const { host } = new URL(site.origin);
  browser = await launchChromium({
    args: [`--host-resolver-rules=MAP *.example ${host},MAP *.test ${host}`],
  });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
  await site?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
});
afterEach(() => context.close());

/**
 * Opens a page, makes a call, loads a client with a wrong option, and waits until its event is
 * stored. Returns the paths of the page's requests, and what the console says.
 *
 * @param {string} url
 * @param {string} [options]
 */
async function visit(url, options = "") {
  const page = await context.newPage();
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const said = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(`thrown: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction(`"analytics" in globalThis`);
  const told =
    options.includes("debug") || /test|local|127/.test(url)
      ? page.waitForEvent("console", (message) =>
          message.text().includes("flushAt"),
        )
      : undefined;
  await page.evaluate(`(async () => {
    void analytics.track("Early");
    await analytics.load({ writeKey: "demo-browser-key" }, { flushAt: "five", ${options}
      integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } });
    await analytics.track("Late");
  })()`);
  await told;
  await page.waitForLoadState("networkidle");
  await page.close();
  return { asked, said };
}

for (const build of ["modules", "script-tag"]) {
  const path = `/${build}.html`;
  const port = () => new URL(site.origin).port;

  test(`${build}: on a shop's own host nothing is fetched or said`, async () => {
    const { asked, said } = await visit(`http://shop.example${path}`);
    assert.ok(!asked.some((one) => one.includes("development")), asked.join());
    assert.deepEqual(said, []);
  });

  test(`${build}: on a shop's own host with debug: true it warns`, async () => {
    const { asked, said } = await visit(
      `http://shop.example${path}`,
      "debug: true,",
    );
    assert.ok(asked.includes(FILE), asked.join());
    const warnings = said.filter((line) => line.includes("flushAt"));
    assert.equal(warnings.length, 1, said.join());
    assert.ok(
      said.some((line) => line.includes("track recorded")),
      said.join(),
    );
  });

  for (const name of ["127.0.0.1", "localhost", "shop.localhost"]) {
    test(`${build}: on ${name} it warns`, async () => {
      const { asked, said } = await visit(`http://${name}:${port()}${path}`);
      assert.ok(asked.includes(FILE), asked.join());
      assert.equal(said.length, 1, said.join());
    });
  }

  test(`${build}: on a name of .test it warns`, async () => {
    const { asked, said } = await visit(`http://shop.test${path}`);
    assert.ok(asked.includes(FILE), asked.join());
    assert.equal(said.length, 1, said.join());
  });

  test(`${build}: without the file nothing is said, and events arrive`, async () => {
    await context.route(`**${FILE}`, (route) => route.fulfill({ status: 404 }));
    const page = await context.newPage();
    /** @type {string[]} */
    const thrown = [];
    page.on("pageerror", (error) => thrown.push(error.message));
    await page.goto(site.origin + path);
    await page.waitForFunction(`"analytics" in globalThis`);
    await page.evaluate(`analytics.load({ writeKey: "demo-browser-key" }, { flushAt: "five",
      integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } })
      .track("Without ${build}")`);
    await gateway.eventsBefore(`Without ${build}`);
    assert.deepEqual(thrown, []);
  });
}
