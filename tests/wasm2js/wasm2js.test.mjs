// @ts-check
// The core as JavaScript, for pages that may not compile wasm: one event, from the call to the
// gateway's file, in Chromium under a policy that refuses wasm.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/pageServer.mjs";
import { ROOT } from "../support/program.mjs";

/** A strict policy: scripts of this origin, and no `'wasm-unsafe-eval'`. */
const policy = (/** @type {string} */ gatewayUrl) =>
  `default-src 'none'; script-src 'self'; connect-src ${gatewayUrl}`;

/** Puts one event through the engine, as the facade does. */
const pageScript = (/** @type {string} */ gatewayUrl) => `
  import { Engine } from "/core.js";
  const settings = { writeKey: "demo-browser-key", endpoint: "${gatewayUrl}/v1/b", host: location.hostname };
  const engine = new Engine(JSON.stringify(settings));
  engine.setPage(location.href, location.pathname, location.search, document.title, "", "", "");
  globalThis.event = JSON.parse(engine.call('track\\n"Fallback"\\n{"price":12.5}', Date.now()));
  globalThis.wasm = WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
    .then(() => "compiled", () => "refused");`;

test("the core translated to JavaScript delivers an event where wasm is refused", async () => {
  const gateway = await startGateway();
  const site = await servePage(
    {
      "/": `<!doctype html><title>Strict</title><script type="module" src="/page.js"></script>`,
      "/page.js": pageScript(gateway.url),
      "/core.js": await readFile(join(ROOT, "pkg/wasm/js/waymark.js")),
    },
    { "content-security-policy": policy(gateway.url) },
  );
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/`);
    await page.waitForFunction("globalThis.event");
    assert.equal(await page.evaluate("wasm"), "refused");
    const [stored] = await gateway.waitForEvents(1);
    assert.deepEqual(stored?.event.properties, { price: 12.5 });
    const recorded = await page.evaluate("event.messageId");
    assert.equal(stored?.messageId, recorded);
  } finally {
    await browser.close();
    await site.close();
    await gateway.stop();
  }
});
