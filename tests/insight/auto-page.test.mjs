// @ts-check
// Page views of a single-page app, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTE_PERSISTED, restored } from "../support/back-forward.mjs";
import { setScene } from "./scene.mjs";

const APP = `<!doctype html><title>Home</title><a href="/elsewhere.html">Elsewhere</a>`;
const scene = setScene({
  "/app": APP,
  "/elsewhere.html": "<!doctype html><title>Elsewhere</title>",
});

/** In the page: goes to routes as a router does, and waits until a page view is recorded. */
const ROUTER = `
  let views = 0;
  const viewed = (count) => new Promise((done) => {
    const look = () => views >= count ? done() : requestAnimationFrame(look);
    look();
  });
  analytics.on("page", () => { views++; });
  const go = (path, method = "pushState") => {
    history[method]({}, "", path);
    document.title = "At " + path;
  };`;

/** The facts of a page event, its URLs without their origin. @param {any} event */
function told({ type, properties, context }) {
  const { origin } = scene.site;
  const path = (/** @type {string} */ url) => url.replace(origin, "");
  assert.deepEqual(
    [properties.url, properties.referrer, properties.title],
    [context.page.url, context.page.referrer, context.page.title],
  );
  return [
    type,
    path(properties.url),
    path(properties.referrer),
    properties.title,
  ];
}

const ROUTES = [
  ["page", "/app", "", "Home"],
  ["page", "/tents", "/app", "At /tents"],
  ["page", "/tents?by=price", "/tents", "At /tents?by=price"],
  ["page", "/", "/tents?by=price", "At /"],
];

for (const [how, prepare] of [
  ["by the Navigation API", ""],
  [
    "where there is none",
    `Object.defineProperty(globalThis, "navigation", { value: undefined });`,
  ],
]) {
  test(`each route is a page view whose referrer is the route before: ${how}`, async () => {
    await scene.page.addInitScript(prepare);
    await scene.visit("/app");
    await scene.start(
      `${ROUTER}
      await analytics;
      await viewed(1);
      go("/tents");
      await viewed(2);
      go("/tents", "replaceState");
      go("/tents?by=price", "replaceState");
      await viewed(3);
      go("/tents?by=price#reviews");
      history.pushState({}, "", "/old");
      go("/", "replaceState");
      await viewed(4);
      analytics.track("Done");`,
      { initialPageview: true, autoPage: true },
    );
    const events = await scene.stored();
    const pages = events.filter(({ type }) => type === "page");
    assert.deepEqual(pages.map(told), ROUTES);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["page", "page", "page", "page", "track"],
    );
  });
}

test("going back and forward are page views, and so is a route in the hash", async () => {
  await scene.visit("/app");
  await scene.start(
    `${ROUTER}
    await analytics;
    go("/a");
    await viewed(1);
    history.back();
    await viewed(2);
    history.forward();
    await viewed(3);
    location.hash = "#/cart";
    await viewed(4);
    location.hash = "#top";
    await viewed(5);`,
    { autoPage: true },
  );
  const pages = await scene.stored();
  assert.deepEqual(
    pages.map(({ properties }) => [
      new URL(properties.url).pathname,
      new URL(properties.referrer).pathname + new URL(properties.referrer).hash,
    ]),
    [
      ["/a", "/app"],
      ["/app", "/a"],
      ["/a", "/app"],
      ["/a", "/a"],
      ["/a", "/a#/cart"],
    ],
  );
});

test("a route that is left at once is not a page view", async () => {
  await scene.visit("/app");
  await scene.start(
    `${ROUTER}
    await analytics;
    go("/a");
    await viewed(1);
    go("/guarded");
    queueMicrotask(() => go("/login", "replaceState"));
    await viewed(2);
    go("/b");
    go("/login");`,
    { autoPage: true },
  );
  const pages = await scene.stored();
  assert.deepEqual(pages.map(told), [
    ["page", "/a", "/app", "At /a"],
    ["page", "/login", "/a", "At /login"],
  ]);
});

test("the last route before the page is left is a page view, however short", async () => {
  await scene.visit("/app");
  await scene.start(
    `${ROUTER} await analytics; go("/a"); await viewed(1);
    go("/b"); location.href = "/elsewhere.html";`,
    { autoPage: true },
  );
  await scene.page.waitForURL("**/elsewhere.html");
  // The beacon of the page that is left may overtake the request before it.
  const pages = (await scene.gateway.waitForEvents(2))
    .map(({ event }) => event)
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  assert.deepEqual(
    pages.map(({ properties }) => new URL(properties.url).pathname),
    ["/a", "/b"],
  );
});

test("a page from the back/forward cache is a page view again, with the same referrer", async () => {
  await scene.visit("/app");
  await scene.start(
    `${ROUTER}
    ${NOTE_PERSISTED}
    await analytics; go("/a"); await viewed(1);`,
    { autoPage: true },
  );
  await scene.gateway.waitForEvents(1);
  await scene.page.click("a");
  await scene.page.waitForURL("**/elsewhere.html");
  await restored(scene.page);
  await scene.gateway.waitForEvents(2);
  const pages = await scene.stored();
  assert.deepEqual(pages.map(told), [
    ["page", "/a", "/app", "At /a"],
    ["page", "/a", "/app", "At /a"],
  ]);
});

test("a route change before the client has loaded is a page view", async () => {
  await scene.visit("/app");
  await scene.start(
    `${ROUTER} go("/early"); await analytics; await viewed(1);`,
    { autoPage: true },
  );
  assert.deepEqual((await scene.stored()).map(told), [
    ["page", "/early", "/app", "At /early"],
  ]);
});

test("without the option there is no page view, and nothing is fetched", async () => {
  await scene.visit("/app");
  /** @type {string[]} */
  const fetched = [];
  scene.page.on("request", (request) => fetched.push(request.url()));
  await scene.start(`${ROUTER} await analytics; go("/a");`);
  assert.deepEqual(await scene.stored(), []);
  assert.ok(!fetched.some((url) => url.includes("automatic")));
});
