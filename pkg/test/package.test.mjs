// @ts-check
// The built package, imported by its published name where there is no browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import * as waymark from "waymark";

const manifest = JSON.parse(
  await readFile(new URL("../package.json", import.meta.url), "utf8"),
);

test("exactly these names are exported", () => {
  assert.deepEqual(Object.keys(waymark).sort(), [
    "Analytics",
    "AnalyticsBrowser",
    "AnalyticsNode",
    "Context",
    "ContextCancelation",
    "EventFactory",
    "Group",
    "NullAnalytics",
    "SegmentBrowserService",
    "UniversalStorage",
    "User",
    "getGlobalAnalytics",
    "isDestinationPluginWithAddMiddleware",
    "resolveAliasArguments",
    "resolveArguments",
    "resolvePageArguments",
    "resolveUserArguments",
    "segmentBrowser",
    "segmentio",
  ]);
});

test("the exported version is the package's", () => {
  assert.equal(new waymark.AnalyticsBrowser().VERSION, manifest.version);
});

test("the package has no dependencies", () => {
  assert.deepEqual(manifest.dependencies ?? {}, {});
  assert.deepEqual(manifest.sideEffects, [
    "./dist/inline.js",
    "./dist/waymark.iife.js",
  ]);
});

test("every React entry is a client module, and imports only the peers it uses", async () => {
  const entries = Object.keys(manifest.exports).filter((name) =>
    /^\.\/react\b/.test(name),
  );
  assert.ok(entries.includes("./react"));
  for (const name of entries) {
    const entry = new URL(import.meta.resolve(`waymark${name.slice(1)}`));
    assert.match(await readFile(entry, "utf8"), /^"use client";/, name);
  }
  assert.equal(manifest.peerDependencies.react, ">=18");
  for (const name of Object.keys(manifest.peerDependencies)) {
    assert.ok(manifest.peerDependenciesMeta[name].optional, name);
  }
  assert.deepEqual(Object.keys(await import("waymark/react")).sort(), [
    "SegmentProvider",
    "TrackVisibility",
    "TrackedButton",
    "TrackedLink",
    "TrackedPage",
    "useAnalytics",
    "useImpression",
    "usePageTracking",
    "useSegment",
    "useTrackClick",
    "useTrackForm",
  ]);
});

test("on a server every call is safe, and no rejection goes unhandled", async () => {
  /** @type {unknown[]} */
  const unhandled = [];
  process.on("unhandledRejection", (reason) => unhandled.push(reason));
  const analytics = waymark.AnalyticsBrowser.load({ writeKey: "k" });
  analytics.page();
  analytics.track("");
  analytics.identify("u", { plan: "pro" });
  analytics.reset();
  analytics.debug(true);
  analytics.user();
  analytics.ready(() => assert.fail("there is no core on a server"));
  await new Promise((done) => setImmediate(done));
  assert.equal(analytics.delivery().accepted, 0);
  assert.deepEqual(unhandled, []);
});
