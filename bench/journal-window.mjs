// @ts-check
// Measures how long an event is in memory only: from `track()` until the journal has committed it,
// in a page whose core is not loaded yet (cold) and in one whose core is (warm).
// Usage: node bench/journal-window.mjs [PAGES]
import { launchChromium } from "../tests/support/chromium.mjs";
import { startGateway } from "../tests/support/gateway.mjs";
import { startShop } from "../tests/faults/shop.mjs";
import { quantile } from "./quantile.mjs";

const PAGES = Number(process.argv[2] ?? 100);
/** Events recorded one after the other in each warm page. */
const WARM_EVENTS = 10;

/** Notes when the next transaction that adds a record is committed. */
const WATCH = `{
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (record) {
    this.transaction.addEventListener("complete", () => globalThis.committed?.(performance.now()));
    return put.call(this, record);
  };
}`;

/** Tracks an event and returns the milliseconds until it is committed. */
const MEASURE = `(() => {
  const committed = new Promise((done) => (globalThis.committed = done));
  const begun = performance.now();
  void analytics.track("Measured");
  return committed.then((at) => at - begun);
})()`;

/** @param {string} name @param {number[]} times */
function print(name, times) {
  const [median, p99] = [0.5, 0.99].map((share) =>
    quantile(times, share).toFixed(1),
  );
  console.log(
    `${name}: median ${median} ms, p99 ${p99} ms (${times.length} events)`,
  );
}

const browser = await launchChromium();
const gateway = await startGateway();
const shop = await startShop(gateway.host);
/** @type {number[]} */
const cold = [];
/** @type {number[]} */
const warm = [];
for (let n = 0; n < PAGES; n++) {
  const context = await browser.newContext();
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  await page.goto(shop.url("/"), { waitUntil: "commit" });
  await page.waitForFunction("globalThis.analytics", { polling: "raf" });
  cold.push(await page.evaluate(MEASURE));
  await page.evaluate("analytics.ready()");
  for (let event = 0; event < WARM_EVENTS; event++) {
    warm.push(await page.evaluate(MEASURE));
  }
  await context.close();
}
print("cold", cold);
print("warm", warm);
await shop.close();
await gateway.stop();
await browser.close();
