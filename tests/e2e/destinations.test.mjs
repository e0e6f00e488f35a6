// @ts-check
// A purchase in the shop arrives once at each of ten destinations, with the right amount.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { listen, shut } from "../support/local-server.mjs";

const STATIC_DIR = fileURLToPath(new URL("../../www/dist", import.meta.url));

/** What each kind is configured with, and where a request of it has its events. */
const KINDS = /** @type {Record<string, { keys: string[], list: string }>} */ ({
  segment: { keys: ["write_key", "upstream"], list: "batch" },
  webhook: { keys: ["secret", "url"], list: "events" },
  posthog: { keys: ["api_key", "host"], list: "batch" },
  mixpanel: { keys: ["token", "host"], list: "" },
  amplitude: { keys: ["api_key", "host"], list: "events" },
  heap: { keys: ["app_id", "host"], list: "events" },
  ga4: { keys: ["measurement_id", "api_secret", "host"], list: "events" },
  meta: { keys: ["pixel_id", "access_token", "host"], list: "data" },
  tiktok: { keys: ["pixel_code", "access_token", "host"], list: "data" },
  klaviyo: { keys: ["api_key", "host"], list: "" },
});

/** The name of a purchase and its amount, of an event as the kind has it. */
const PURCHASES = /** @type {Record<string, (event: any) => unknown[]>} */ ({
  segment: ({ event, properties }) => [event, properties?.total],
  webhook: ({ event, properties }) => [event, properties?.total],
  posthog: ({ event, properties }) => [event, properties?.total],
  mixpanel: ({ event, properties }) => [event, properties?.total],
  amplitude: (event) => [event.event_type, event.event_properties?.total],
  heap: (event) => [event.event, event.custom_properties?.total],
  ga4: ({ name, params }) => [name, params?.value],
  meta: (event) => [event.event_name, event.custom_data?.value],
  tiktok: ({ event, properties }) => [event, properties?.value],
  klaviyo: ({ data }) => [
    data.attributes.metric?.data.attributes.name,
    data.attributes.value,
  ],
});
const NAMES =
  /Order Completed|^purchase$|^Purchase$|CompletePayment|Placed Order/;

/** @type {import("node:http").Server} */
let vendors;
/** The events that each kind was sent. @type {Record<string, any[]>} */
const received = {};
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;

before(async () => {
  vendors = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      const kind = (request.url ?? "").split("/")[1] ?? "";
      const body = JSON.parse(text);
      const events = body[KINDS[kind]?.list ?? ""] ?? body;
      received[kind] = (received[kind] ?? []).concat(events);
      response.end('{"code":0,"status":1}');
    });
  });
  const host = await listen(vendors);
  const valueOf = (/** @type {string} */ kind, /** @type {string} */ key) => {
    if (/^(host|upstream|url)$/.test(key)) return `http://${host}/${kind}`;
    return key === "pixel_id" ? "123" : "K-1";
  };
  const toml = Object.entries(KINDS).map(([kind, { keys }]) =>
    [
      "[[sources.destinations]]",
      `kind = "${kind}"`,
      ...keys.map((key) => `${key} = "${valueOf(kind, key)}"`),
    ].join("\n"),
  );
  gateway = await startGateway({
    staticDir: STATIC_DIR,
    toml: toml.join("\n"),
  });
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  await shut(vendors);
});

test("a purchase arrives once in each of ten, with its amount", async () => {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(15_000);
  const press = (/** @type {string} */ name) =>
    tab.getByRole("button", { name, exact: true }).click();
  // Klaviyo knows nobody by an anonymous id.
  await tab.goto(`${gateway.url}/sign-in`);
  await tab.getByLabel("E-mail").fill("ann@example.org");
  await tab.getByLabel("Name", { exact: true }).fill("Ann");
  await press("Sign in");
  await tab.getByRole("heading", { name: "Hello, Ann" }).waitFor();
  await tab.goto(`${gateway.url}/products/ridge-28`);
  await press("Add to cart");
  await tab.getByRole("link", { name: "View cart" }).click();
  await press("Checkout");
  for (const label of ["Full name", "Street and number", "Postcode", "Town"]) {
    await tab.getByLabel(label).fill("x");
  }
  await tab.getByLabel("E-mail").fill("ann@example.org");
  await press("Continue to payment");
  for (const label of [
    "Name on card",
    "Card number",
    "Expiry date",
    "Security code",
  ]) {
    await tab.getByLabel(label).fill("1");
  }
  await press("Place order");
  await tab.getByRole("heading", { name: /Thank you/ }).waitFor();
  await gateway.eventsBefore("Order Completed");
  const events = await gateway.exportEvents();
  const order = events.find(({ event }) => event.event === "Order Completed");
  const { total } = order?.event.properties;
  assert.ok(total > 0);
  const flushed = await fetch(`${gateway.adminUrl}/flush`, { method: "POST" });
  assert.equal(flushed.status, 200);
  for (const [kind, read] of Object.entries(PURCHASES)) {
    const all = (received[kind] ?? []).map(read);
    const purchases = all.filter(([name]) => NAMES.test(String(name)));
    assert.deepEqual(
      purchases.map(([, amount]) => amount),
      [total],
      `${kind}: ${JSON.stringify(all)}`,
    );
  }
});
