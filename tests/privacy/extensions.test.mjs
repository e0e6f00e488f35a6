// @ts-check
// Extensions see each call before it is stored, and their errors never reach the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { journalRecords } from "../faults/journal.mjs";
import { setScene } from "./scene.mjs";

const scene = setScene();

test("an extension changes and stamps calls made before and after the client has loaded", async () => {
  await scene.visit();
  await scene.start(
    `analytics.track("Early", { note: "private" });
     await analytics;
     analytics.track("Late", { note: "private" }, { context: { shelf: "own" } });
     analytics.page();`,
    `extensions: [{ name: "stamp", see: (draft) => {
       draft.text = draft.text.replaceAll("private", "public");
       return { context: { seen: { at: draft.nowMs }, shelf: "stamped" } };
     } }]`,
  );
  const events = await scene.gateway.waitForEvents(3);
  for (const { event } of events) {
    const { seen, shelf } = event.context;
    assert.equal(seen.at, Date.parse(event.timestamp));
    assert.equal(shelf, event.event === "Late" ? "own" : "stamped");
    if (event.type === "track") assert.equal(event.properties.note, "public");
  }
});

test("a dropped call resolves, is counted with its reason, and goes nowhere", async () => {
  await scene.visit();
  const counts = await scene.start(
    `const early = analytics.track("Noise");
     await analytics;
     const contexts = [await early, await analytics.track("Noise"), await analytics.track("Kept")];
     return [
       contexts.map((one) => String(one.failedDelivery()?.reason ?? "")),
       analytics.delivery().refused.extensions,
       analytics.instance.delivery().refused.extensions,
     ];`,
    `extensions: [{ name: "quiet", see: ({ text }) => ({ drop: text.includes("Noise") ? "noise" : undefined }) }]`,
  );
  const dropped = "Error: Not recorded: noise";
  assert.deepEqual(counts, [
    [dropped, dropped, ""],
    { noise: 2 },
    { noise: 2 },
  ]);
  const events = await scene.gateway.waitForEvents(1);
  assert.deepEqual(
    events.map(({ event }) => event.event),
    ["Kept"],
  );
});

test("an extension that throws is skipped, but a guard that throws drops the call", async () => {
  await scene.visit();
  const refused = await scene.start(
    `await analytics.track("Good");
     await analytics.track("Bad");
     return analytics.delivery().refused.extensions;`,
    `extensions: [
       { name: "clumsy", see: () => { throw new Error("clumsy"); } },
       { name: "guard", guards: true, see: ({ text }) => { if (text.includes("Bad")) throw new Error("guard"); } },
     ]`,
  );
  assert.deepEqual(refused, { guard: 1 });
  const events = await scene.gateway.waitForEvents(1);
  assert.equal(events[0]?.event.event, "Good");
});

test("an extension sees no call before consent, and forgets the visitor on denial", async () => {
  await scene.visit();
  const seen = await scene.start(
    `const seen = globalThis.seen;
     analytics.track("A");
     history.pushState({}, "", "/later");
     seen.push("asked");
     analytics.consent.update({ analytics: true });
     seen.push("agreed");
     analytics.consent.update({ analytics: false });
     return seen;`,
    `consent: "required", extensions: [{
       name: "log",
       see: ({ page }) => void globalThis.seen.push(page[1]),
       forget: (why) => void globalThis.seen.push(why),
     }], ...(globalThis.seen = [], {})`,
  );
  assert.deepEqual(seen, ["asked", "/shop.html", "agreed", "denied"]);
});

test("calls that are journalled before the core has loaded are redacted", async () => {
  await scene.context.route(/\.wasm$|core-script/, (route) => route.abort());
  await scene.visit("/shop.html?token=S3CRET&q=1#access_token=S3CRET");
  await scene.start(`analytics.track("Kept"); analytics.reset();`);
  await eventually(async () => {
    const records = await journalRecords(scene.page);
    return records.flatMap(({ items }) => items).length === 2;
  });
  const kept = JSON.stringify(await journalRecords(scene.page));
  assert.match(kept, /shop\.html\?token=redacted&q=1#access_token=redacted/);
  assert.ok(!kept.includes("S3CRET"), kept);
});

test("calls that are spilled when a page is left early are redacted", async () => {
  await scene.context.route("**/start-*.js", (route) => route.abort());
  await scene.visit("/shop.html?password=S3CRET");
  const spilled = await scene.start(`analytics.track("Kept");
    dispatchEvent(new PageTransitionEvent("pagehide"));
    return JSON.stringify({ ...localStorage });`);
  assert.match(spilled, /password=redacted/);
  assert.ok(!spilled.includes("S3CRET"), spilled);
});

test("a route with a token is one page view, and the next one's referrer without the token", async () => {
  await scene.visit("/shop.html?token=S3CRET");
  await scene.start(
    `await analytics;
     history.pushState({}, "", "/next.html");
     analytics.track("Later");`,
    "autoPage: true",
  );
  const events = await scene.gateway.waitForEvents(2);
  const views = events.filter(({ type }) => type === "page");
  assert.equal(views.length, 1);
  const { referrer, path } = views[0]?.event.context.page;
  assert.equal(path, "/next.html");
  assert.match(referrer, /shop\.html\?token=redacted$/);
});
