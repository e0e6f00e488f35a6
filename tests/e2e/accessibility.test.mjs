// @ts-check
// The demo shop's pages, checked by axe: tracked components must be as accessible as plain ones.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";

const STATIC_DIR = fileURLToPath(new URL("../../www/dist", import.meta.url));
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PAGES = {
  home: "/",
  "product list": "/products",
  product: "/products/ridge-28",
  cart: "/cart",
  "sign in": "/sign-in",
  "not found": "/nowhere",
};

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  gateway = await startGateway({ staticDir: STATIC_DIR });
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
});

for (const [name, path] of Object.entries(PAGES)) {
  test(`axe finds nothing wrong with the shop's page: ${name}`, async () => {
    const page = await browser.newPage();
    await page.goto(`${gateway.url}${path}`);
    await page.waitForSelector("h1");
    await page.evaluate(await readFile(AXE, "utf8"));
    const { passes, violations } = await page.evaluate(
      `axe.run().then(({ passes, violations }) => ({
        passes: passes.length,
        violations: violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html)),
      }))`,
    );
    assert.deepEqual(violations, []);
    assert.ok(passes > 10, "axe checked the page");
    await page.close();
  });
}
