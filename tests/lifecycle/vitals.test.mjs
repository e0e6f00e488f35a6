// @ts-check
// Web vitals as events, in Chromium with the real `web-vitals` against the real gateway.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { NOTE_PERSISTED, restored } from "../support/back-forward.mjs";
import { setScene } from "../insight/scene.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const WEB_VITALS = join(ROOT, "node_modules/web-vitals/dist/web-vitals.js");

const scene = setScene({
  "/web-vitals.js": await readFile(WEB_VITALS, "utf8"),
  "/app": `<!doctype html><title>App</title>
    <script type="importmap">{ "imports": { "web-vitals": "/web-vitals.js" } }</script>
    <div id="top"></div><h1>Tents</h1><button>Buy</button>
    <a href="/elsewhere.html">Elsewhere</a>`,
  "/elsewhere.html": "<!doctype html><title>Elsewhere</title>",
});

const [example] = await snippetsFor(import.meta.url);
const documented = example?.code.replace(
  /import (.*) from "waymark\/vitals";/,
  'const $1 = await import("/waymark/vitals.js");',
);

/** In the page: a client that reports vitals, and a wait for the browser's entries. */
const REPORT = `
  ${documented}
  reportVitals(analytics);
  globalThis.seen = (type, is = () => true) => new Promise((done) => {
    new PerformanceObserver((list, observer) => {
      if (!list.getEntries().some(is)) return;
      observer.disconnect();
      done();
    }).observe({ type, buffered: true, durationThreshold: 16 });
  });
  ${NOTE_PERSISTED}
  await analytics;
  await seen("largest-contentful-paint");`;

/** @param {any[]} stored @returns {Record<string, any>} properties by metric */
const byMetric = (stored) =>
  Object.fromEntries(
    stored.map(({ event }) => [event.properties.metric, event.properties]),
  );

test("each metric is an event when the page is left, and a page from the cache has its own metrics", async () => {
  await scene.visit("/app");
  await scene.start(`${REPORT}
    $("#top").style.height = "200px";
    await seen("layout-shift");
    $("button").addEventListener("click", () => {
      const endMs = performance.now() + 80;
      while (performance.now() < endMs);
    });`);
  const interacted = scene.page.evaluate(
    `seen("event", ({ interactionId }) => interactionId > 0)`,
  );
  await scene.page.click("button");
  await interacted;
  await scene.page.evaluate(`history.pushState({}, "", "/tents")`);
  await scene.page.click("a");
  await scene.page.waitForURL("**/elsewhere.html");
  const stored = await scene.gateway.waitForEvents(5);
  const metrics = byMetric(stored);
  assert.deepEqual(Object.keys(metrics).sort(), [
    "CLS",
    "FCP",
    "INP",
    "LCP",
    "TTFB",
  ]);
  assert.ok(stored.every(({ event }) => event.event === "Web Vitals"));
  for (const one of Object.values(metrics)) {
    assert.match(one.rating, /^(good|needs-improvement|poor)$/);
    assert.equal(one.navigation_type, "navigate");
    assert.equal(
      one.document_path,
      "/app",
      "the document's path, not the route's",
    );
    assert.ok(one.metric_id);
  }
  assert.ok(metrics.INP.value >= 80 && Number.isInteger(metrics.INP.value));
  assert.ok(metrics.CLS.value > 0 && metrics.CLS.value < 1);
  assert.ok(metrics.LCP.value >= metrics.FCP.value);

  await restored(scene.page);
  const again = (await scene.gateway.waitForEvents(6)).slice(5);
  for (const { event } of again) {
    const { navigation_type: type, metric } = event.properties;
    assert.equal(type, "back-forward-cache");
    assert.notEqual(event.properties.metric_id, metrics[metric].metric_id);
  }
});

test("only the metrics asked for are recorded", async () => {
  await scene.visit("/app");
  await scene.start(`
    const { reportVitals } = await import("/waymark/vitals.js");
    reportVitals(analytics, { metrics: ["TTFB"] });`);
  await scene.gateway.waitForEvents(1);
  await scene.page.click("a");
  await scene.page.waitForURL("**/elsewhere.html");
  await scene.visit("/app");
  await scene.start("");
  const events = await scene.stored();
  assert.deepEqual(
    events.map(({ properties }) => properties.metric),
    ["TTFB"],
  );
});
