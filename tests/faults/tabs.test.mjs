// @ts-check
// Several tabs at once: none writes over another, and none sends what another has.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { committed } from "./journal.mjs";
import {
  names,
  openedByClick,
  setScene,
  settledDelivery,
  tracking,
} from "./scene.mjs";

const scene = setScene();

/** Numbers from 0 to 1 that are the same in each run: a failure can be repeated. */
function random(seed = 1) {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test("two tabs that fail and close leave their events to two new ones", async () => {
  scene.relay.fate = () => "reset";
  const tabs = [await scene.visit("/a"), await scene.visit("/b")];
  for (const [n, tab] of tabs.entries()) {
    await tab.evaluate(tracking(names(10, `Tab${n}-`)));
  }
  await eventually(() => scene.relay.asked.length >= 2);
  for (const tab of tabs) await tab.close();
  scene.relay.fate = () => "pass";
  await Promise.all([scene.visit("/c"), scene.visit("/d")]);
  await scene.expectOnce([...names(10, "Tab0-"), ...names(10, "Tab1-")]);
});

test("of two tabs that boot together, one takes over what a dead one left", async () => {
  scene.relay.fate = () => "reset";
  const dead = await scene.visit();
  await dead.evaluate(tracking(names(10)));
  await eventually(async () => (await committed(dead)) === 10);
  await eventually(() => scene.relay.asked.length >= 1);
  await dead.close();
  scene.relay.fate = () => "pass";
  const pages = await Promise.all([scene.visit("/a"), scene.visit("/b")]);
  await scene.expectOnce(names(10));
  // The dead tab's beacon may have brought them: what is stored does not say who restored it.
  const restored = await eventually(async () => {
    const counts = await Promise.all(
      pages.map((page) => page.evaluate("analytics.delivery().restored")),
    );
    return counts.some((count) => Number(count) > 0) && counts;
  });
  assert.deepEqual(
    restored.map(Number).sort((a, b) => a - b),
    [0, 10],
  );
});

test("ten tabs, closed at random while the server fails, lose and double nothing", async () => {
  const draw = random();
  scene.relay.fate = () =>
    draw() < 0.3 ? "reset" : draw() < 0.3 ? "lose-answer" : "pass";
  const tabs = await Promise.all(
    names(10, "/").map((path) => scene.visit(path)),
  );
  /** @type {string[]} */
  const recorded = [];
  for (let n = 0; n < 60; n++) {
    const at = Math.floor(draw() * tabs.length);
    const tab = /** @type {import("../support/browser.mjs").Page} */ (tabs[at]);
    recorded.push(`E${n}`);
    await tab.evaluate(tracking([`E${n}`]));
    if (draw() < 0.2 && tabs.length > 2) {
      await tab.close();
      tabs.splice(at, 1);
    }
  }
  scene.relay.fate = () => "pass";
  for (const tab of tabs) await tab.close();
  await scene.visit("/last");
  await scene.expectOnce(recorded);
});

/** Documents that a page makes with its sessionStorage, or a copy. @type {Record<string, string>} */
const COPIES = {
  "a window that it opens": openedByClick("globalThis.copy", "/copy"),
  "a frame": `{
    const frame = document.createElement("iframe");
    frame.src = "/copy";
    document.body.append(frame);
    globalThis.copy = frame.contentWindow;
  }`,
};

for (const [what, script] of Object.entries(COPIES)) {
  test(`while the server is down ${what} takes nothing of a live page`, async () => {
    scene.relay.fate = () => "reset";
    const page = await scene.visit();
    await page.evaluate(tracking(names(3)));
    await eventually(async () => (await committed(page)) === 3);
    await page.evaluate(`${script} void 0;`);
    if (script.includes("open(")) await page.click("button");
    await eventually(() => page.evaluate("!!copy.analytics"));
    await page.evaluate("copy.analytics.ready().then(() => {})");
    await page.evaluate("copy.analytics.track('Copy'); void 0;");
    scene.relay.fate = () => "pass";
    await scene.expectOnce([...names(3), "Copy"]);
    const { acknowledged, adopted } = await settledDelivery(page);
    assert.deepEqual(
      { acknowledged, adopted },
      { acknowledged: 3, adopted: 0 },
    );
    assert.equal(await page.evaluate("copy.analytics.delivery().restored"), 0);
  });
}
