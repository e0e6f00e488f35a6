// @ts-check
// The inspector's panel in Chromium, over a client that sends to the real gateway.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** The strictest policy of a page that compiles wasm. */
const STRICT =
  "script-src 'self' 'wasm-unsafe-eval'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let troubles;

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async () => {
  gateway = await startGateway();
  troubles = [];
});
afterEach(async () => {
  await page.context().close();
  await site.close();
  await gateway.stop();
  assert.deepEqual(troubles, []);
});

/**
 * Opens a page with a client and a plan's report of an event that breaks the plan.
 *
 * @param {{ policy?: string, options?: object }} [given]
 */
async function open({ policy = "", options = {} } = {}) {
  const load = {
    ...options,
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
  };
  const start = `import { AnalyticsBrowser } from "/waymark/index.js";
    import { inspect } from "/waymark/inspector/index.js";
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
    window.analytics = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
    const plan = { counts: () => ({ "Tent Pitched": 2 }) };
    window.inspector = inspect(analytics, { plan });`;
  const html = `<!doctype html><html lang="en"><title>Inspected</title><link rel="icon" href="data:,">
    <main><h1>A shop</h1></main><script type="module" src="/start.js"></script></html>`;
  const files = { ...(await packageFiles()), "/": html, "/start.js": start };
  site = await servePage(
    files,
    policy
      ? {
          "content-security-policy": `default-src 'none'; img-src data:; connect-src 'self' ${gateway.url}; ${policy}`,
        }
      : {},
  );
  page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`${site.origin}/`);
  await panel().waitFor();
}

const panel = () => page.getByRole("region", { name: "Waymark inspector" });

/** Waits until the panel shows `text` under `name`. @param {string} name @param {string} text */
const says = (name, text) =>
  panel()
    .locator("dl > div")
    .filter({ has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
    .filter({ has: page.locator("dd", { hasText: text }) })
    .waitFor();

test("the panel shows queue, acknowledgements, identity, consent, plan and events", async () => {
  await open();
  await page.evaluate(`analytics.setAnonymousId("a1")`);
  await page.evaluate(`analytics.identify("user_1", { plan: "gold" })`);
  await page.evaluate(`analytics.track("<b>Tent</b> Pitched", { size: 2 })`);
  await gateway.waitForEvents(2);
  await says("acknowledged", "2");
  await says("waiting in the queue", "0");
  await says("state", "granted");
  await says("anonymous id", "a1");
  await says("user id", "user_1");
  await says("user traits", `{"plan":"gold"}`);
  await says("Tent Pitched", "2");
  await says("nothing was dropped", "");
  const event = panel().getByText("<b>Tent</b> Pitched");
  await event.click();
  await panel().getByText(`"size": 2`).waitFor();
  if (process.env.WAYMARK_SCREENSHOT) {
    await page.screenshot({ path: process.env.WAYMARK_SCREENSHOT });
  }
});

test("while consent is unknown the panel reads nothing of the visitor, and a denial is shown", async () => {
  await open({ options: { consent: "required" } });
  await says("state", "unknown");
  await page.evaluate(`void analytics.track("Held")`);
  await says("not known before consent and load", "");
  await page.evaluate("analytics.consent.update({ analytics: false })");
  await says("state", "denied");
  assert.equal(await page.evaluate("document.cookie"), "");
});

test("an event that was given up says why, and a call that made no event is counted", async () => {
  await open();
  await page.route("**/v1/b", (route) =>
    route.request().postData()?.includes("Refused")
      ? route.fulfill({ status: 400, body: "{}" })
      : route.continue(),
  );
  await page.evaluate(`void analytics.track("Refused")`);
  // Larger than the client sends.
  await page.evaluate(
    `void analytics.track("Never", { x: "x".repeat(600_000) })`,
  );
  await page.evaluate(`void analytics.track("Taken")`);
  await gateway.waitForEvents(1);
  await says("refused by the server", "1");
  await says("too large", "1");
  await panel()
    .getByText(/Refused · given up/)
    .waitFor();
});

test("the panel works under the strictest policy", async () => {
  await open({ policy: STRICT });
  await page.evaluate(`analytics.track("Strict")`);
  await gateway.waitForEvents(1);
  await says("acknowledged", "1");
  assert.deepEqual(await page.evaluate("violations"), []);
  // The panel has its style, although the policy refuses a page's own sheet.
  const position = await panel().evaluate(
    (it) => getComputedStyle(it).borderRadius,
  );
  assert.equal(position, "10px");
});

test("the panel's buttons hide, show and close it", async () => {
  await open();
  const button = (/** @type {string} */ name) =>
    panel().getByRole("button", { name });
  const first = panel().getByText("acknowledged");
  await button("Hide").click();
  await first.waitFor({ state: "hidden" });
  await button("Show").click();
  await first.waitFor();
  await button("Close").click();
  await panel().waitFor({ state: "detached" });
});

test("axe finds nothing wrong with the panel", async () => {
  await open();
  await page.evaluate(`analytics.track("Looked at")`);
  await gateway.waitForEvents(1);
  await says("acknowledged", "1");
  await page.evaluate(await readFile(AXE, "utf8"));
  const violations = await page.evaluate(
    `axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html)))`,
  );
  assert.deepEqual(violations, []);
});
