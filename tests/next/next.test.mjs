// @ts-check
// The Next.js example, rendered by its server and driven in Chromium against the real gateway;
// and an app with the pages router.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { besideExample, EXAMPLE, serveApp } from "./example.mjs";
import { Visit } from "./visit.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
});

test("the example is rendered by a server, and tracks a visit", async (t) => {
  const gateway = await startGateway();
  t.after(() => gateway.stop());
  const app = await serveApp(EXAMPLE, gateway.host);
  t.after(() => app.stop());
  for (const [path, text] of [
    ["/", "Dome Tent"],
    ["/products/tarp", "Add to cart"],
  ]) {
    const answer = await fetch(app.origin + path);
    assert.equal(answer.status, 200);
    assert.ok((await answer.text()).includes(text ?? ""), path);
  }
  assert.deepEqual(await gateway.exportEvents(), []);
  assert.deepEqual(app.logs, []);

  const visit = new Visit(await browser.newPage(), gateway, app.origin);
  const { page } = visit;
  await page.goto(`${app.origin}/`);
  await visit.viewed("/", "");
  await visit.told(({ event }) => event === "Product List Viewed", "the list");
  await page.click("text=Dome Tent");
  await visit.viewed("/products/dome", "/");
  await page.click("text=Add to cart");
  await page.click("text=All tents");
  await visit.viewed("/", "/products/dome");
  await page.click("text=Tarp");
  await visit.viewed("/products/tarp", "/");
  await page.goBack();
  await visit.viewed("/", "/products/tarp");

  assert.deepEqual(await visit.views(), [
    ["/", "Tents"],
    ["/products/dome", "Dome Tent"],
    ["/", "Tents"],
    ["/products/tarp", "Tarp"],
    ["/", "Tents"],
  ]);
  const events = await visit.events();
  const added = events.filter(({ event }) => event === "Product Added");
  assert.deepEqual(
    added.map(({ properties }) => properties),
    [{ product_id: "dome", name: "Dome Tent", price: 249, quantity: 1 }],
  );
  const [list] = events.filter(({ event }) => event === "Product List Viewed");
  assert.deepEqual(list.properties, {
    list_id: "home",
    products: [
      { product_id: "dome", name: "Dome Tent", price: 249, position: 1 },
      { product_id: "tarp", name: "Tarp", price: 59.5, position: 2 },
    ],
  });
  visit.expectNoTrouble();
});

describe("an app with the pages router and a route handler", () => {
  /** @type {import("../support/gateway.mjs").Gateway} */
  let gateway;
  /** @type {Awaited<ReturnType<typeof serveApp>>} */
  let app;
  before(async () => {
    gateway = await startGateway({
      sources: [
        {
          name: "shop",
          allowedOrigins: ["*"],
          keys: [
            { key: "demo-browser-key", kind: "browser" },
            { key: "shop-server-key", kind: "server" },
          ],
        },
      ],
    });
    const folder = await besideExample(join(import.meta.dirname, "pages-app"));
    await addRoute(folder);
    app = await serveApp(folder, gateway.host);
  });
  after(async () => {
    await app?.stop();
    await gateway?.stop();
  });

  /** Adds the route handler of docs/servers.md. @param {string} folder the app's */
  async function addRoute(folder) {
    const [route] = await snippetsFor(import.meta.url);
    assert.ok(route?.name);
    const file = join(folder, route.name);
    await mkdir(dirname(file), { recursive: true });
    // With so long an interval, an event leaves the queue by `flush` alone.
    const code = towards(route.code, gateway.host).replace(
      "writeKey:",
      "flushInterval: 600_000,\n  writeKey:",
    );
    await writeFile(file, code);
  }

  test("routes of the pages router are page views once their parameters are known", async () => {
    const visit = new Visit(await browser.newPage(), gateway, app.origin);
    await visit.page.goto(`${app.origin}/products/tarp`);
    await visit.viewed("/products/tarp", "");
    await visit.page.click("text=All tents");
    await visit.viewed("/", "/products/tarp");
    await visit.page.click("text=Dome Tent");
    await visit.viewed("/products/dome", "/");
    assert.deepEqual(await visit.views(), [
      ["/products/tarp", "Product tarp"],
      ["/", "Tents"],
      ["/products/dome", "Product dome"],
    ]);
    const [first, , last] = await visit.events();
    assert.equal(first.properties.router, "pages");
    assert.equal(last.properties.search, "?by=price");
    visit.expectNoTrouble();
  });

  test("a route handler's event is sent after its answer", async () => {
    const answer = await fetch(`${app.origin}/api/checkout`, {
      method: "POST",
      body: JSON.stringify({ userId: "user_1" }),
    });
    assert.deepEqual(await answer.json(), { success: true });
    const stored = await eventually(
      async () =>
        (await gateway.exportEvents()).find(
          ({ userId }) => userId === "user_1",
        ),
      { what: "the handler's event" },
    );
    assert.equal(stored.event.event, "Checkout Started");
  });
});
