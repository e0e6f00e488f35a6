// @ts-check
// How long a page view lasts, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTE_PERSISTED, restored } from "../support/back-forward.mjs";
import { SET_VISIBILITY, setScene } from "../insight/scene.mjs";

const scene = setScene({
  "/app": `<!doctype html><title>App</title>
    <style>body { margin: 0 } main { height: 2400px }</style>
    <main>Tents</main><a href="/elsewhere.html" style="position: fixed; top: 0">Elsewhere</a>`,
  "/short.html": "<!doctype html><title>Short</title>",
  "/elsewhere.html": "<!doctype html><title>Elsewhere</title>",
});

/** Real time that a test may take, in milliseconds; its simulated time is far longer. */
const SLACK_MS = 120_000;

/** In the page: advances the page's clock, and moves the focus. */
const CLOCK = `
  const realNow = performance.now.bind(performance);
  let passedMs = 0;
  performance.now = () => realNow() + passedMs;
  globalThis.pass = (ms) => { passedMs += ms; };
  globalThis.focusWindow = (has) => {
    document.hasFocus = () => has;
    dispatchEvent(new Event(has ? "focus" : "blur"));
  };
  globalThis.setVisibility = ${SET_VISIBILITY};
  // The client measures once it listens to scrolling.
  const listen = EventTarget.prototype.addEventListener;
  globalThis.measuring = new Promise((done) => {
    EventTarget.prototype.addEventListener = function (type, ...rest) {
      if (type === "scroll") done();
      listen.call(this, type, ...rest);
    };
  });
  ${NOTE_PERSISTED}`;

/** In the page: goes to a route, and waits for its page view. */
const ROUTER = `
  let views = 0;
  analytics.on("page", () => { views++; });
  globalThis.viewed = (count) => new Promise((done) => {
    const look = () => views >= count ? done() : requestAnimationFrame(look);
    look();
  });
  await analytics;
  await viewed(1);
  await measuring;`;

/** A page with a client that measures. @param {string} path @param {string} code */
async function stay(path, code) {
  await scene.page.addInitScript(CLOCK);
  await scene.visit(path);
  await scene.start(`${ROUTER} ${code}`, {
    initialPageview: true,
    autoPage: { leave: true },
  });
}

/** The facts of a `Page Left`. @param {any} event */
function told({ properties, context }) {
  const { engaged_time_ms: engagedMs, max_scroll_depth: depth } = properties;
  return { engagedMs, depth, path: new URL(context.page.url).pathname };
}

/** The events in no order: a hidden tab sends beside the request under way. @param {any[]} events */
const names = (events) => events.map(({ type, event }) => event ?? type).sort();

/** @param {any[]} events */
const leftOf = (events) => events.filter(({ event }) => event === "Page Left");

/** @param {number} engagedMs @param {number} expectedMs */
function assertEngaged(engagedMs, expectedMs) {
  assert.ok(Number.isInteger(engagedMs), `${engagedMs}`);
  assert.ok(
    engagedMs >= expectedMs && engagedMs < expectedMs + SLACK_MS,
    `${engagedMs} ms, not ${expectedMs}`,
  );
}

test("time counts while the page is visible and focused, depth as far as it was scrolled", async () => {
  await stay(
    "/app",
    `pass(1_000_000);
    focusWindow(false);
    pass(50_000_000);
    focusWindow(true);
    pass(2_000_000);
    scrollTo(0, 1200);
    await new Promise((done) => addEventListener("scroll", done, { once: true }));
    scrollTo(0, 0);
    setVisibility("hidden");
    pass(50_000_000);
    setVisibility("visible");
    setVisibility("hidden");
    setVisibility("visible");`,
  );
  const left = leftOf(await scene.stored()).map(told);
  assert.equal(left.length, 1, "once per page view");
  assertEngaged(left[0].engagedMs, 3_000_000);
  // The window is 600 px high.
  assert.equal(left[0].depth, 75);
});

test("a page that fits the window has a depth of 100 %", async () => {
  await stay(
    "/short.html",
    `setVisibility("hidden"); setVisibility("visible");`,
  );
  const [left] = leftOf(await scene.stored()).map(told);
  assert.equal(left.depth, 100);
});

test("a change of route ends the page view, with its own page and before the next view", async () => {
  await stay(
    "/app",
    `pass(1_000_000);
    history.pushState({}, "", "/tents");
    await viewed(2);
    pass(2_000_000);
    history.pushState({}, "", "/tarps");
    await viewed(3);`,
  );
  const events = await scene.stored();
  assert.deepEqual(
    events.map(({ type, event, context }) => [
      event ?? type,
      new URL(context.page.url).pathname,
    ]),
    [
      ["page", "/app"],
      ["Page Left", "/app"],
      ["page", "/tents"],
      ["Page Left", "/tents"],
      ["page", "/tarps"],
    ],
  );
  const [first, second] = leftOf(events).map(told);
  assertEngaged(first.engagedMs, 1_000_000);
  assertEngaged(second.engagedMs, 2_000_000);
});

test("each return from the back/forward cache is a page view that ends", async () => {
  await stay("/app", `pass(1_000_000);`);
  await scene.gateway.waitForEvents(1);
  await scene.page.click("a");
  await scene.page.waitForURL("**/elsewhere.html");
  // Events of the page that is left arrive without it.
  await scene.gateway.waitForEvents(2);
  await restored(scene.page);
  await scene.gateway.waitForEvents(3);
  await scene.page.evaluate("pass(5_000_000)");
  await scene.page.click("a");
  await scene.page.waitForURL("**/elsewhere.html");
  const stored = await scene.gateway.waitForEvents(4);
  const events = stored.map(({ event }) => event);
  assert.deepEqual(
    events.map(({ type, event }) => event ?? type),
    ["page", "Page Left", "page", "Page Left"],
  );
  const [first, second] = leftOf(events).map(told);
  assertEngaged(first.engagedMs, 1_000_000);
  assertEngaged(second.engagedMs, 5_000_000);
});

test("a tab that is frozen and resumed records its page view and its end once, and goes on", async () => {
  await stay("/app", `setVisibility("hidden");`);
  await scene.gateway.waitForEvents(2);
  const session = await scene.page.context().newCDPSession(scene.page);
  for (const state of /** @type {const} */ (["frozen", "active"])) {
    await session.send("Page.setWebLifecycleState", { state });
  }
  await scene.page.evaluate(
    `setVisibility("visible"); analytics.track("Thawed")`,
  );
  const events = await scene.stored();
  assert.deepEqual(names(events), ["Page Left", "Thawed", "page"]);
});

test("a discarded tab is another page view when it comes back", async () => {
  await stay("/app", `setVisibility("hidden");`);
  await scene.gateway.waitForEvents(2);
  // A discarded tab's renderer ends without events, and its page is loaded again.
  const session = await scene.page.context().newCDPSession(scene.page);
  const crashed = scene.page.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await crashed;
  await scene.page.close();
  scene.page = await scene.context.newPage();
  await scene.page.addInitScript(CLOCK);
  await scene.visit("/app");
  await scene.start(
    `${ROUTER} setVisibility("hidden"); setVisibility("visible");`,
    {
      initialPageview: true,
      autoPage: { leave: true },
    },
  );
  const events = await scene.stored();
  assert.deepEqual(names(events), ["Page Left", "Page Left", "page", "page"]);
});

test("without the option there is no Page Left, and nothing is fetched for it", async () => {
  /** @type {string[]} */
  const fetched = [];
  scene.page.on("request", (request) => fetched.push(request.url()));
  await scene.visit("/app");
  await scene.start(
    `await analytics; (${SET_VISIBILITY})("hidden"); (${SET_VISIBILITY})("visible");`,
    { initialPageview: true, autoPage: true },
  );
  assert.deepEqual(leftOf(await scene.stored()), []);
  assert.ok(!fetched.some((url) => url.includes("page-left")));
});
