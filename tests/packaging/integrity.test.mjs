// @ts-check
// The script-tag build from another origin, with the hash that the package tells.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { ROOT } from "../support/program.mjs";

const SCRIPT = "waymark.iife.js";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let integrity;
before(async () => {
  browser = await launchChromium();
  const path = join(ROOT, "pkg", "dist", "integrity.json");
  integrity = JSON.parse(await readFile(path, "utf8"))[SCRIPT];
});
after(() => browser?.close());

/**
 * Opens a page whose script comes from another origin.
 *
 * @param {import("node:test").TestContext} t
 * @param {(script: Uint8Array) => string | Uint8Array} served what that origin makes of the script
 */
async function open(t, served) {
  const gateway = await startGateway();
  t.after(() => gateway.stop());
  const files = await packageFiles();
  const path = `/waymark/${SCRIPT}`;
  const cdn = await servePage(
    { ...files, [path]: served(files[path] ?? new Uint8Array()) },
    { "access-control-allow-origin": "*" },
  );
  t.after(() => cdn.close());
  const site = await servePage({
    "/": `<!doctype html><title>Integrity</title><link rel="icon" href="data:,">
      <script src="${cdn.origin}${path}" integrity="${integrity}" crossorigin></script>
      <script>
        window.analytics?.load(
          { writeKey: "demo-browser-key" },
          { integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } },
        );
        window.analytics?.track("Checked");
      </script>`,
  });
  t.after(() => site.close());
  const page = await browser.newPage();
  t.after(() => page.close());
  /** @type {string[]} */
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto(`${site.origin}/`);
  return { gateway, page, said };
}

test("a page that names the hash of the script-tag build runs it", async (t) => {
  assert.match(integrity, /^sha384-[\w+/]{64}$/);
  const { gateway, said } = await open(t, (script) => script);
  const [stored] = await gateway.waitForEvents(1);
  assert.equal(stored?.event.event, "Checked");
  assert.deepEqual(said, []);
});

test("a script that is not that build is refused by the browser", async (t) => {
  const { page, said } = await open(t, (script) =>
    Buffer.concat([script, Buffer.from("\n")]),
  );
  assert.equal(await page.evaluate("typeof window.analytics"), "undefined");
  assert.match(said.join("\n"), /integrity/);
});
