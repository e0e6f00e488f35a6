// @ts-check
// The core never loads, loads late, or breaks: what was recorded waits in the journal.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach } from "node:test";
import { ROOT } from "../support/program.mjs";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";

const scene = setScene();
// What is tested is what becomes of calls that wait for client and core.
beforeEach(() => {
  scene.shop.options = { express: false };
});
const WASM = "/waymark/waymark_bg.wasm";
/** The glue, which begins with the version of its wasm. */
const glue = await readFile(`${ROOT}pkg/wasm/core.js`, "utf8");

test("a core that was answered with 404 is fetched again, and nothing is lost", async () => {
  let fetched = 0;
  scene.shop.fault = (path) =>
    path === WASM && fetched++ === 0 ? { status: 404 } : {};
  const page = await scene.visit();
  await page.evaluate(tracking(names(5)));
  await scene.expectOnce(names(5));
  assert.equal(fetched, 2);
  assert.equal((await settledDelivery(page)).acknowledged, 5);
});

/** Modules that are fetched when the page needs them. @type {Record<string, RegExp>} */
const MODULES = {
  client: /\/start-[^/]*\.js$/,
  "core as JavaScript": /\/core-script\.js$/,
};

for (const [what, module] of Object.entries(MODULES)) {
  test(`a ${what} that was answered with 503 twice is fetched again, and nothing is lost`, async () => {
    let fetched = 0;
    scene.shop.options = { express: false, engine: "js" };
    scene.shop.fault = (path) =>
      module.test(path) && fetched++ < 2 ? { status: 503 } : {};
    const page = await scene.visit();
    await page.evaluate(tracking(names(5)));
    await scene.expectOnce(names(5));
    assert.equal((await settledDelivery(page)).acknowledged, 5);
  });
}

for (const [what, fault] of Object.entries({
  "answered with 404": { status: 404 },
  "not answered": { delayMs: 60_000 },
})) {
  test(`what a page without a core recorded is sent by the next page: ${what}`, async () => {
    scene.shop.fault = (path) => (path === WASM ? fault : {});
    const page = await scene.visit();
    await page.evaluate(tracking(names(5)));
    await page.evaluate(
      `${tracking(names(5, "Last"))} location.href = "/next"`,
    );
    await page.waitForURL("**/next");
    scene.shop.fault = () => ({});
    await page.reload();
    await scene.expectOnce([...names(5), ...names(5, "Last")]);
  });
}

for (const [what, change] of Object.entries({
  "of another version": (/** @type {Buffer} */ wasm) => {
    const [, version = ""] = /"([^"]+)"/.exec(glue) ?? [];
    const at = wasm.indexOf(version);
    assert.ok(version && at > 0);
    return wasm.fill("another!", at, at + version.length);
  },
  "that has nothing in it": (/** @type {Buffer} */ wasm) => wasm.subarray(0, 8),
})) {
  test(`in the place of a wasm file ${what} the core comes as JavaScript`, async () => {
    const body = change(await readFile(`${ROOT}pkg/dist/waymark_bg.wasm`));
    scene.shop.fault = (path) => (path === WASM ? { body } : {});
    const page = await scene.visit();
    await page.evaluate(tracking(names(5)));
    await scene.expectOnce(names(5));
    const { acknowledged, traps } = await settledDelivery(page);
    assert.deepEqual({ acknowledged, traps }, { acknowledged: 5, traps: 0 });
  });
}

test("calls that another page makes keep their own page and time", async () => {
  scene.shop.fault = (path) => (path === WASM ? { status: 404 } : {});
  const page = await scene.visit("/product");
  await page.evaluate("void analytics.track('Seen')");
  scene.shop.fault = () => ({});
  await page.goto(scene.shop.url("/next"));
  const [seen] = await scene.gateway.waitForEvents(1);
  assert.equal(seen?.event.context.page.path, "/product");
});
