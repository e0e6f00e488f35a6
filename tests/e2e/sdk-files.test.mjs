// @ts-check
// The SDK's files from the gateway, used by a page of another origin without a build.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/page-server.mjs";
import { ROOT } from "../support/program.mjs";

test("a page of another origin imports the SDK from the gateway, and its events arrive", async () => {
  const dist = join(ROOT, "pkg", "dist");
  const gateway = await startGateway({ args: ["--sdk-dir", dist] });
  const load = {
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
  };
  const page = `<!doctype html><title>Shop</title><script type="module">
    import { AnalyticsBrowser } from "${gateway.url}/sdk/index.js";
    const analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
    analytics.page("Shop");
  </script>`;
  // The page embeds only what its server allows (COEP).
  const shop = await servePage(
    { "/": page, "/favicon.ico": "" },
    { "cross-origin-embedder-policy": "require-corp" },
  );
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    /** @type {string[]} */
    const troubles = [];
    tab.on("pageerror", (error) => troubles.push(String(error)));
    tab.on("console", (message) => troubles.push(message.text()));
    /** @type {string[]} */
    const fetched = [];
    tab.on("request", (request) => fetched.push(request.url()));
    await tab.goto(shop.origin);
    const [{ event }] = await gateway.waitForEvents(1);
    assert.equal(event.name, "Shop");
    assert.ok(fetched.includes(`${gateway.url}/sdk/waymark_bg.wasm`));
    assert.ok(
      !fetched.some((url) => url.includes("core-script")),
      "it is wasm",
    );
    assert.deepEqual(troubles, []);
  } finally {
    await browser.close();
    await shop.close();
    await gateway.stop();
  }
});
