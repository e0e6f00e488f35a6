// @ts-check
// Calls that no journal has committed: the client is late, or there is no database. A tab that
// crashes then loses none, and no other tab makes the calls of one that is there.
import assert from "node:assert/strict";
import { beforeEach } from "node:test";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { crash } from "../support/crash.mjs";
import { eventually } from "../support/eventually.mjs";
import {
  names,
  openedByClick,
  setScene,
  settledDelivery,
  tracking,
} from "./scene.mjs";

const scene = setScene();
// What is tested is what becomes of calls that wait for client and core.
beforeEach(() => {
  scene.shop.options = { express: false };
});

/** Files without which the client does not begin. */
const CLIENT = /\/start-[^/]*\.js$/;
const REFUSED = `IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); };`;
const SILENT = `IDBFactory.prototype.open = () => new EventTarget();`;
const FULL = `IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };`;

/** The number of items in this origin's spills. @param {import("../support/browser.mjs").Page} page */
const spilled = (page) =>
  page.evaluate(`Object.keys(localStorage)
    .filter((key) => key.startsWith("waymark:spill:"))
    .flatMap((key) => JSON.parse(localStorage.getItem(key)).records)
    .flatMap(([, items]) => items).length`);

/** A page whose client comes only once it is let; frames in it have theirs. */
async function visitWithoutClient() {
  let isLate = true;
  scene.shop.folder = (path) => (path === "/" ? "/late" : "");
  scene.shop.fault = (path) =>
    isLate && path.startsWith("/late/") && CLIENT.test(path)
      ? { status: 404 }
      : {};
  const page = await scene.visit();
  return { page, letClientCome: () => void (isLate = false) };
}

/**
 * A page that has looked for calls of other pages, so many milliseconds later.
 *
 * @param {number} [laterMs]
 */
async function visitThatLooks(laterMs = 0) {
  scene.inEachPage(`if (location.pathname === "/looks") {
    const { Date } = globalThis;
    const now = () => Date.now() + ${laterMs};
    globalThis.Date = class extends Date {
      static now = now;
      constructor(...given) {
        super(...(given.length > 0 ? given : [now()]));
      }
    };
  }`);
  const page = await scene.visit("/looks");
  // Longer than it waits for the answers of other tabs.
  await page.evaluate(`analytics.ready()
    .then(() => new Promise((done) => setTimeout(done, 1000)))`);
  return page;
}

for (const [what, script] of Object.entries({ REFUSED, SILENT, FULL })) {
  test(`a tab that crashes without a database that takes commits loses nothing (${what})`, async () => {
    scene.inEachPage(script);
    scene.relay.fate = () => "reset";
    const page = await scene.visit();
    await page.evaluate("analytics.ready()");
    await page.evaluate(tracking(names(3)));
    await page.evaluate(tracking(["Later"]));
    await eventually(async () => (await spilled(page)) === 4);
    await crash(page);
    scene.relay.fate = () => "pass";
    await scene.visit("/next");
    await scene.expectOnce([...names(3), "Later"]);
  });
}

test("without a database nothing is left of what was sent", async () => {
  scene.inEachPage(REFUSED);
  const page = await scene.visit();
  await page.evaluate(tracking(names(20)));
  await scene.expectOnce(names(20));
  assert.equal((await settledDelivery(page)).acknowledged, 20);
  await eventually(async () => (await spilled(page)) === 0);
});

test("a tab that crashes before its client is there loses nothing", async () => {
  const { page } = await visitWithoutClient();
  await page.evaluate(tracking(names(5)));
  await page.evaluate(tracking(["Later"]));
  await crash(page);
  // After the time for which a page without its client counts as alive.
  await visitThatLooks(61_000);
  await scene.expectOnce([...names(5), "Later"]);
});

test("no other tab makes the calls of a page that waits for its client", async () => {
  const { page, letClientCome } = await visitWithoutClient();
  await page.evaluate(tracking(names(5)));
  const other = await visitThatLooks();
  const { restored, accepted } = await settledDelivery(other);
  assert.deepEqual([restored, accepted], [0, 0]);
  assert.equal(await spilled(other), 5);
  letClientCome();
  await scene.expectOnce(names(5));
  assert.equal((await settledDelivery(page)).acknowledged, 5);
  await eventually(async () => (await spilled(page)) === 0);
});

/** Pages that share the tab's storage with one that is there, or have a copy. @type {Record<string, string>} */
const COMPANY = {
  "a frame in the page": `{
    const frame = document.createElement("iframe");
    frame.src = "/other";
    document.body.append(frame);
    globalThis.other = frame.contentWindow;
  }`,
  "a window that it opens": openedByClick("globalThis.other", "/other"),
};

for (const [what, script] of Object.entries(COMPANY)) {
  test(`${what} makes none of the calls that it holds`, async () => {
    const { page, letClientCome } = await visitWithoutClient();
    await page.evaluate(tracking(names(5)));
    await eventually(async () => (await spilled(page)) === 5);
    await page.evaluate(`${script} void 0;`);
    if (script.includes("open(")) await page.click("button");
    await eventually(() => page.evaluate("!!other.analytics"));
    const counts = await page.evaluate(`other.analytics.ready().then(() => {
      const { accepted, restored } = other.analytics.delivery();
      return [accepted, restored];
    })`);
    assert.deepEqual(counts, [0, 0]);
    letClientCome();
    await scene.expectOnce(names(5));
    assert.equal((await settledDelivery(page)).accepted, 5);
  });
}

/** What a page does to its storage before its load event. @type {Record<string, string>} */
const STORAGES = {
  "is cleared": `document.addEventListener("DOMContentLoaded", () => {
    localStorage.clear();
    sessionStorage.clear();
  });`,
  "is full": `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };`,
  "is refused": `Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("no", "SecurityError"); },
  });`,
};

for (const [what, script] of Object.entries(STORAGES)) {
  test(`a page whose storage ${what} before its load event loses no call`, async () => {
    scene.shop.script = `${script} ${tracking(names(5))}`;
    const { page, letClientCome } = await visitWithoutClient();
    await page.evaluate(
      "document.readyState === 'complete' || new Promise((done) => addEventListener('pageshow', done))",
    );
    letClientCome();
    await scene.expectOnce(names(5));
  });
}

test("a page that clears its storage loses none of the calls that it holds", async () => {
  const { page, letClientCome } = await visitWithoutClient();
  await page.evaluate(tracking(names(5)));
  await page.evaluate("localStorage.clear(); sessionStorage.clear()");
  letClientCome();
  await scene.expectOnce(names(5));
});
