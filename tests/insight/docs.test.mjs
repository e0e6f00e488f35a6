// @ts-check
// The snippets of docs/impressions-and-routes.md, run unchanged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { setScene } from "./scene.mjs";

const [html, script, ...more] = await snippetsFor(import.meta.url);

const IMPORTS = JSON.stringify({
  imports: {
    waymark: "/waymark/index.js",
    "waymark/impressions": "/waymark/impressions.js",
  },
});
const scene = setScene({
  "/shop.html": `<!doctype html><title>Shop</title>
    <script type="importmap">${IMPORTS}</script>${html?.code}`,
});

test("the snippets do what the chapter says", async () => {
  assert.deepEqual(more, []);
  await scene.visit("/shop.html");
  const code = towards(script?.code ?? "", scene.gateway.host);
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
