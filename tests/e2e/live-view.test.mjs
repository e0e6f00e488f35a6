// @ts-check
// The live view in Chromium against the real gateway: it shows events, and whatever an event
// carries stays text.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Writable } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { listen, shut } from "../support/local-server.mjs";

const WRITE_KEY = "live-view-key";
const HOSTILE_NAMES = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(2)</script>",
  '"><svg onload=alert(3)>',
  "javascript:alert(4)",
  "شراء \u202e المنتج",
  "long ".repeat(400).trim(),
];

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {string[]} */
let dialogs;

/** A destination that takes all events but one. @type {import("node:http").Server} */
const warehouse = createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    response.statusCode = text.includes("Refused Event") ? 400 : 200;
    response.end("no such event");
  });
});

before(async () => {
  const host = await listen(warehouse);
  gateway = await startGateway({
    sources: [{ name: "shop", keys: [{ key: WRITE_KEY, kind: "server" }] }],
    toml: `
      [[sources.destinations]]
      kind = "webhook"
      name = "warehouse"
      url = "http://${host}/"
      secret = "s"
      exclude_events = ["Left Out"]
    `,
  });
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  await shut(warehouse);
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.setDefaultTimeout(10_000);
  await page.goto(`${gateway.adminUrl}/`);
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
});

const rows = () => page.getByRole("list", { name: /Events/ });
const row = (/** @type {string} */ name) =>
  rows().getByRole("button", { name, exact: false });

const textOf = async (/** @type {string} */ selector) =>
  (await page.locator(selector).textContent()) ?? "";

/**
 * @param {string} path
 * @param {unknown} body
 */
async function post(path, body) {
  return fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`,
    },
    body: JSON.stringify(body),
  });
}

/**
 * @param {string} event
 * @param {object} [fields] more of the event
 */
async function track(event, fields = {}) {
  const answer = await post("/v1/track", {
    event,
    anonymousId: "anon-live",
    messageId: `live-${crypto.randomUUID()}`,
    ...fields,
  });
  assert.equal(answer.status, 200);
}

test("hostile event names appear as text and never run", async () => {
  for (const name of HOSTILE_NAMES) {
    await track(name, {
      properties: { note: name },
      userId: name.slice(0, 60),
    });
  }
  for (const name of HOSTILE_NAMES) {
    const shown = rows().locator("bdi.row-name").filter({ hasText: name });
    await shown.first().click();
    const title = page.locator("#details-title");
    await title.waitFor();
    assert.equal(await title.textContent(), name);
    const json = JSON.parse(await textOf("#details-json"));
    assert.equal(json.properties.note, name);
  }
  assert.equal(
    await page.locator("#rows img, #rows svg, #rows script").count(),
    0,
  );
  assert.equal(
    await page.locator("#details img, #details svg, #details script").count(),
    0,
  );
  assert.deepEqual(dialogs, []);
});

test("what became of an event at each destination is told as it is known, and later", async () => {
  const fates = {
    "Taken Event": "taken",
    "Left Out": "skipped: left out by the destination's filters",
    "Refused Event": "refused with 400: no such event",
  };
  const place = page.locator("#details-facts div", { hasText: "To warehouse" });
  for (const [name, fate] of Object.entries(fates)) {
    await track(name);
    await row(name).first().click();
    await place.getByText(fate, { exact: true }).waitFor();
  }
  await page.reload();
  for (const [name, fate] of Object.entries(fates)) {
    await row(name).first().click();
    await place.getByText(fate, { exact: true }).waitFor();
  }
});

test("the page's policy forbids inline scripts and other hosts", async () => {
  const answer = await fetch(`${gateway.adminUrl}/`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe/);
});

test("a click shows the event's JSON as it was sent, numbers unrounded", async () => {
  const messageId = `exact-${crypto.randomUUID()}`;
  const answer = await fetch(`${gateway.url}/v1/track`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`,
    },
    body: `{"event":"Exact Numbers","userId":"user_exact","messageId":"${messageId}","properties":{"price":148.50,"big":12345678901234567890}}`,
  });
  assert.equal(answer.status, 200);
  await row("Exact Numbers").first().click();
  const details = page.getByRole("region", { name: "Exact Numbers" });
  await details.getByText(messageId).first().waitFor();
  const json = await textOf("#details-json");
  assert.match(json, /"price": 148\.50/);
  assert.match(json, /"big": 12345678901234567890/);
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "hidden" });
});

test("events are filtered by type, by name and by user", async () => {
  await track("Filter Apple", { userId: "user_apple" });
  await track("Filter Pear", { anonymousId: "anon-pear" });
  const identified = await post("/v1/identify", {
    userId: "user_apple",
    traits: { email: "apple@example.org" },
  });
  assert.equal(identified.status, 200);
  await row("Filter Apple").first().waitFor();
  await row("Filter Pear").first().waitFor();

  await page.getByLabel("Name").fill("apple");
  await row("Filter Pear").first().waitFor({ state: "detached" });
  assert.ok((await row("Filter Apple").count()) >= 1);

  await page.getByLabel("Name").fill("");
  await page.getByLabel("User", { exact: true }).fill("PEAR");
  await row("Filter Apple").first().waitFor({ state: "detached" });
  assert.ok((await row("Filter Pear").count()) >= 1);

  await page.getByLabel("User", { exact: true }).fill("user_apple");
  await page.getByRole("radio", { name: "identify" }).check();
  await row("apple@example.org").first().waitFor();
  assert.equal(await row("Filter Apple").count(), 0);

  await page.getByLabel("User", { exact: true }).fill("nobody at all");
  await page.getByRole("button", { name: "Show all events" }).click();
  await row("Filter Apple").first().waitFor();
});

test("a rejected event is shown with its reason and can be filtered for", async () => {
  const answer = await post("/v1/track", {
    userId: "user_rejected",
    properties: { note: "<b>no event name</b>" },
  });
  assert.ok(answer.status >= 400 && answer.status < 500);
  await page.getByRole("radio", { name: "rejected" }).check();
  const rejected = rows().getByRole("button").first();
  await rejected.waitFor();
  assert.equal(await rejected.getAttribute("data-type"), "rejected");
  await rejected.click();
  assert.notEqual(await textOf("#details-reason"), "");
  assert.match(await textOf("#details-json"), /user_rejected/);
  assert.equal(await page.locator("#details b").count(), 0);
  await page.locator("#count-rejected").filter({ hasNotText: /^0$/ }).waitFor();
});

test("a paused list does not move, and resuming shows the events since then", async () => {
  await page.getByRole("button", { name: "Pause" }).click();
  await track("Sent While Paused");
  const resume = page.getByRole("button", { name: /Resume \(\d+ new\)/ });
  await resume.waitFor();
  assert.equal(await row("Sent While Paused").count(), 0);
  await resume.click();
  await row("Sent While Paused").first().waitFor();
});

test("the newest event comes first, and arrow keys move through the list", async () => {
  await track("Walk Older");
  await row("Walk Older").first().waitFor();
  await track("Walk Newer");
  await row("Walk Newer").first().waitFor();
  const names = await rows().locator("bdi.row-name").allTextContents();
  assert.ok(names.indexOf("Walk Newer") < names.indexOf("Walk Older"));

  await row("Walk Newer").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Walk Newer" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("region", { name: "Walk Older" }).waitFor();
});

test("the list stays bounded in a flood of events", async () => {
  const batch = (/** @type {number} */ from) =>
    Array.from({ length: 500 }, (_, index) => ({
      type: "track",
      event: `Flood ${from + index}`,
      anonymousId: "anon-flood",
      messageId: `flood-${from + index}`,
    }));
  for (let from = 0; from < 3000; from += 500) {
    assert.equal((await post("/v1/batch", { batch: batch(from) })).status, 200);
  }
  await row("Flood 2999").first().waitFor();
  assert.ok((await rows().getByRole("listitem").count()) <= 1300);
  assert.equal(
    await row("Flood 1")
      .filter({ hasText: /^Flood 1$/ })
      .count(),
    0,
  );
});

test("the view works below a path of a proxy, which is asked not to hold it up", async () => {
  const proxy = createServer(async (request, response) => {
    const [, path] = /^\/ops(\/.*)/.exec(request.url ?? "") ?? [];
    if (!path) return void response.writeHead(404).end();
    const answer = await fetch(gateway.adminUrl + path);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    await answer.body?.pipeTo(Writable.toWeb(response)).catch(() => {});
  });
  const host = await listen(proxy);
  try {
    const answered = page.waitForResponse("**/ops/live/events");
    await page.goto(`http://${host}/ops/`);
    assert.equal((await answered).headers()["x-accel-buffering"], "no");
    await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  } finally {
    await page.goto("about:blank");
    await shut(proxy);
  }
});
