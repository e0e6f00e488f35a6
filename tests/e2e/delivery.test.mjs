// @ts-check
// Delivery in Chromium where the page's `fetch` is broken or replaced, against the real
// gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "./shop.mjs";

const shop = setShop({ "/shop.html": "<!doctype html><title>Shop</title>" });

/**
 * Loads the client, then replaces the page's `fetch`; the real one is `real`.
 *
 * @param {string} fetch the code of the function that replaces it
 */
async function loadWith(fetch) {
  await shop.open("/shop.html");
  await shop.run(`
    await analytics.ready();
    const real = globalThis.fetch;
    globalThis.requests = [];
    globalThis.fetch = (url, init) => {
      const events = JSON.parse(init.body).batch.map(({ event }) => event);
      requests.push({ events, keepalive: init.keepalive });
      return (${fetch})(url, init, requests.length, real);
    };`);
}

/** Names of the stored events, once there are `count`. @param {number} count */
const arrived = async (count) =>
  (await shop.gateway.waitForEvents(count)).map(({ event }) => event.event);

for (const [what, fetch] of Object.entries({
  throws: "() => { throw new Error('blocked'); }",
  "gives nothing": "() => undefined",
  "gives what is no response": "async () => ({ ok: true })",
  "gives a response that throws":
    "async () => new Proxy({}, { get() { throw new Error('no'); } })",
})) {
  test(`a fetch that ${what} costs a retry but no event`, async () => {
    await loadWith(`(url, init, n, real) =>
      n < 3 ? (${fetch})() : real(url, init)`);
    await shop.page.evaluate(`analytics.track("One"); analytics.track("Two")`);
    assert.deepEqual(await arrived(2), ["One", "Two"]);
  });
}

test("a request that never ends is given up, and its late answer ignored", async () => {
  await shop.page.clock.install();
  await loadWith(`(url, init, n, real) => n > 1 ? real(url, init)
    : new Promise((end) => { globalThis.end = () => end(new Response("", { status: 400 })); })`);
  await shop.page.evaluate(`analytics.track("One")`);
  await shop.page.waitForFunction("requests.length === 1");
  await shop.page.clock.fastForward(30_000);
  await shop.page.clock.fastForward(5000);
  assert.deepEqual(await arrived(1), ["One"]);
  await shop.page.evaluate(`end(); analytics.track("Two")`);
  await shop.page.clock.fastForward(5000);
  assert.deepEqual(await arrived(2), ["One", "Two"]);
});

test("when the tab is hidden, waiting events go beside the request under way", async () => {
  await loadWith(`(url, init, n, real) => n > 1 ? real(url, init)
    : new Promise((go) => { globalThis.go = () => go(real(url, init)); })`);
  await shop.page.evaluate(`analytics.track("One")`);
  await shop.page.waitForFunction("requests.length === 1");
  await shop.page.evaluate(`analytics.track("Two");
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    document.dispatchEvent(new Event("visibilitychange"))`);
  assert.deepEqual(await arrived(1), ["Two"]);
  await shop.page.evaluate("go()");
  assert.deepEqual(await arrived(2), ["Two", "One"]);
  const requests = await shop.page.evaluate("requests");
  assert.deepEqual(requests, [
    { events: ["One"], keepalive: true },
    { events: ["Two"], keepalive: true },
  ]);
});

test("a batch that keepalive refuses goes at once without it", async () => {
  await loadWith(`(url, init, n, real) => init.keepalive
    ? Promise.reject(new TypeError("over quota")) : real(url, init)`);
  await shop.page.evaluate(`analytics.track("One")`);
  assert.deepEqual(await arrived(1), ["One"]);
  assert.deepEqual(
    await shop.page.evaluate("requests.map(({ keepalive }) => keepalive)"),
    [true, false],
  );
});

test("when the tab is hidden, a queue over the keepalive budget is split", async () => {
  await loadWith("(url, init, n, real) => real(url, init)");
  await shop.page.evaluate(`
    for (let n = 0; n < 100; n++)
      analytics.track("E" + n, { text: "x".repeat(3000) });
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));`);
  const names = Array.from({ length: 100 }, (_, n) => `E${n}`);
  assert.deepEqual(await arrived(100), names);
  const first = /** @type {any} */ (await shop.page.evaluate("requests[0]"));
  assert.equal(first.keepalive, true);
});
