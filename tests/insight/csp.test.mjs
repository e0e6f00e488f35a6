// @ts-check
// A page whose policy refuses wasm counts impressions with the module as JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setScene } from "./scene.mjs";

const scene = setScene(
  {
    "/shop.html": `<!doctype html><title>Shop</title><div id="a">Tent</div><div id="b">Tarp</div>`,
  },
  {
    "content-security-policy":
      "default-src 'none'; script-src 'self'; connect-src *; img-src data:",
  },
);

test("a page that refuses wasm counts impressions with the module as JavaScript", async () => {
  await scene.visit("/shop.html");
  /** @type {string[]} */
  const fetched = [];
  scene.page.on("request", (request) => fetched.push(request.url()));
  await scene.run(`const { observe, observeList } = await import("/waymark/impressions.js");
    const events = [];
    const recorder = { track: (...call) => void events.push(call) };
    const list = observeList(recorder, { listId: "top" }, { dwellMs: 50 });
    list.add($("#a"), { product_id: "tent" });
    list.add($("#b"), { product_id: "tarp" });
    await new Promise((done) => observe({ track: done }, $("#a"), { event: "Seen", dwellMs: 100 }));
    list.unobserve();
    globalThis.events = events;`);
  const events = await scene.run("return globalThis.events;");
  const products = [
    { product_id: "tent", position: 1 },
    { product_id: "tarp", position: 2 },
  ];
  assert.deepEqual(
    events.map((/** @type {unknown[]} */ call) => call.slice(0, 2)),
    [["Product List Viewed", { list_id: "top", products }]],
  );
  assert.ok(fetched.some((url) => url.includes("module-script")));
});
