// @ts-check
// The snippets of the README's section on impressions, clicks and routes, run as they stand there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { ROOT } from "../support/program.mjs";
import { setScene } from "./scene.mjs";

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const [, section = ""] = readme.split("## Impressions, clicks and routes\n");
/** The first snippet of a language. @param {string} language */
const snippet = (language) =>
  section.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";

const IMPORTS = JSON.stringify({
  imports: {
    waymark: "/waymark/index.js",
    "waymark/impressions": "/waymark/impressions.js",
  },
});
const scene = setScene({
  "/shop.html": `<!doctype html><title>Shop</title>
    <script type="importmap">${IMPORTS}</script>${snippet("html")}`,
});

test("the README's snippets do what it says", async () => {
  await scene.visit("/shop.html");
  const code = snippet("js").replace("127.0.0.1:8080", scene.gateway.host);
  assert.match(code, /observeList/);
  const chunk = scene.page.waitForResponse(/automatic/);
  await scene.run(`const script = document.createElement("script");
    script.type = "module";
    script.textContent = ${JSON.stringify(code)} + "globalThis.analytics = analytics;";
    document.head.append(script);`);
  const automatic = await chunk;
  await automatic.finished();
  await scene.run(`await import("${automatic.url()}");`);
  /** @type {any[]} */
  let events = [];
  const stored = (/** @type {string} */ name) =>
    eventually(async () => {
      events = (await scene.gateway.exportEvents()).map(({ event }) => event);
      return events.find((one) => (one.event ?? one.type) === name);
    });
  await stored("page");
  assert.deepEqual((await stored("Banner Viewed")).properties, { id: 7 });
  await stored("Ad Viewed");
  const list = await stored("Product List Viewed");
  assert.deepEqual(list.properties, {
    list_id: "home",
    category: "Tents",
    products: [
      { product_id: "dome", position: 1 },
      { product_id: "tarp", position: 2 },
    ],
  });
  await scene.page.click("text=Buy");
  const clicked = await stored("Product Clicked");
  assert.deepEqual(clicked.properties, { product_id: "dome", price: 249 });
  await scene.run(`history.pushState({}, "", "/tents");`);
  await eventually(async () => {
    const all = await scene.gateway.exportEvents();
    return all.some(({ event }) => event.properties?.path === "/tents");
  });
  await scene.page.click("text=Join");
  const joined = await stored("Newsletter Joined");
  assert.deepEqual(joined.properties, { topic: "tents" });
});
