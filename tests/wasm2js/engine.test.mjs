// @ts-check
// The core translated to JavaScript, in a page whose policy refuses to compile wasm.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/pageServer.mjs";
import { ROOT } from "../support/program.mjs";

const HTML = `<!doctype html><title>Strict page</title><script type="module" src="/start.js"></script>`;
const START = `import { Engine } from "/waymark.js"; window.Engine = Engine;`;
/** The smallest wasm module: a page that may compile wasm compiles this. */
const EMPTY_WASM = [0, 97, 115, 109, 1, 0, 0, 0];

/**
 * Runs in the page: records one event through the translated core.
 *
 * @param {{ endpoint: string, wasm: number[] }} given
 */
async function recordOne({ endpoint, wasm }) {
  const refused = await WebAssembly.compile(Uint8Array.from(wasm)).then(
    () => false,
    () => true,
  );
  const settings = {
    writeKey: "demo-browser-key",
    endpoint,
    library: { name: "waymark", version: "wasm2js" },
    userAgent: navigator.userAgent,
    locale: navigator.language,
    host: location.hostname,
  };
  const engine = new /** @type {any} */ (window).Engine(
    JSON.stringify(settings),
  );
  engine.setPage(location.href, "/", "", document.title, "", "", "");
  const call = 'track\n"Order Completed"\n{"total":148.50,"note":"å"}';
  return { refused, event: JSON.parse(engine.call(call, Date.now())) };
}

test("the core as JavaScript records, sends and stores one event where wasm is refused", async (t) => {
  const gateway = await startGateway();
  t.after(() => gateway.stop());
  const files = {
    "/": HTML,
    "/start.js": START,
    "/waymark.js": await readFile(`${ROOT}pkg/wasm/js/waymark.js`),
  };
  const policy = `default-src 'none'; script-src 'self'; connect-src ${gateway.url}`;
  const site = await servePage(files, { "content-security-policy": policy });
  t.after(() => site.close());
  const browser = await launchChromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));

  await page.goto(`${site.origin}/`);
  await page.waitForFunction(() => "Engine" in window);
  const endpoint = `${gateway.url}/v1/b`;
  const made = await page.evaluate(recordOne, { endpoint, wasm: EMPTY_WASM });
  assert.equal(made.refused, true, "the page may not compile wasm");

  const [stored] = await gateway.waitForEvents(1);
  assert.equal(stored.type, "track");
  assert.equal(stored.messageId, made.event.messageId);
  assert.equal(stored.anonymousId, made.event.anonymousId);
  assert.equal(stored.event.event, "Order Completed");
  assert.deepEqual(stored.event.properties, { total: 148.5, note: "å" });
  assert.equal(stored.event.context.library.version, "wasm2js");
  assert.deepEqual(complaints, []);
});
