// @ts-check
// Code that storefronts copied from project to project works with only its import changed, and
// what they built on it works the same with the package in its place.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { nameOf, theatre } from "./theatre.mjs";

const stage = theatre(19);

/** Routes Segment's hosts to the gateway, and gives the page its write key. */
async function asOfSegment() {
  await stage.page.addInitScript(() => {
    const env = { NEXT_PUBLIC_SEGMENT_WRITE_KEY: "demo-browser-key" };
    Object.assign(window, { process: { env } });
  });
  await stage.page.route("https://api.segment.io/**", (route) => {
    const url = route.request().url().replace("https://api.segment.io", "");
    return route
      .fetch({ url: `${stage.gateway.url}${url}` })
      .then((response) => route.fulfill({ response }));
  });
}

/** The parts of an event that a test compares. @param {any} event */
const told = (event) => [
  nameOf(event),
  event.traits ?? event.properties,
  event.userId ?? null,
];

const ACCOUNT = [
  "identify",
  "group",
  "page Account Orders",
  "Size Guide Opened",
  "Form Started",
  "Form Error",
  "Form Submitted",
];

test("the copied components work the same on the package's hooks, and so do the package's own", async () => {
  const tales = [];
  for (const scene of ["CopiedComponents", "PackageKit"]) {
    await stage.open(scene);
    await stage.page.getByText("ready").waitFor();
    await stage.page.getByText("On").click();
    await stage.page.getByText("Press").click();
    await stage.eventsUntil("Promotion Viewed");
    await stage.set("account");
    const end = `${scene} Done`;
    await stage.page.evaluate((end) => {
      /** @type {any} */ (window).stage.track(end);
    }, end);
    const events = await stage.eventsUntil(end);
    const own = events.slice(tales.flat().length);
    tales.push(own);
    await stage.page.context().clearCookies();
    await stage.page.evaluate("localStorage.clear()");
  }
  const [copied = [], ours = []] = tales.map((events) =>
    events
      .slice(0, -1)
      .map(told)
      .map((one) =>
        JSON.stringify(one).replaceAll(/(Copied|Package)[A-Z]\w+/g, "Kit"),
      )
      .sort(),
  );
  assert.equal(copied.length, 13);
  assert.deepEqual(ours, copied);
});

test("the copied hooks work the same on the package's service", async () => {
  await asOfSegment();
  await stage.open("CopiedHooks");
  await stage.page.getByText("ready").waitFor();
  await stage.set("account");
  const events = await stage.done();
  assert.deepEqual(events.map(nameOf), ["page Cart", ...ACCOUNT]);
  assert.deepEqual(told(events[4]).slice(1), [
    { place: "page", product_id: "p1" },
    "user_1",
  ]);
});

test("the copied service works the same on the package's client", async () => {
  await asOfSegment();
  await stage.open("CopiedService");
  const known = await stage.set("service");
  assert.deepEqual(known, ["user_1", { plan: "gold" }]);
  const events = await stage.eventsUntil();
  assert.deepEqual(events.map(nameOf), [
    "identify",
    "Served",
    "page Shop Cart",
    "Done",
  ]);
});
