// @ts-check
// Impressions, against the real gateway.
import assert from "node:assert/strict";
import { NOTE_PERSISTED, restored } from "../support/back-forward.mjs";
import { test } from "../support/engine-test.mjs";
import { eventually } from "../support/eventually.mjs";
import { SET_VISIBILITY, setScene } from "./scene.mjs";
import { oracleCode, tilesPage } from "./tiles.mjs";

const TILES = 500;
const BANNER = `<!doctype html><title>Banner</title><style>body { margin: 0 }
  #banner { height: 300px } #space { height: 3000px } #tall { height: 6000px }</style>
  <div id="banner">Sale</div><div id="space"></div><div id="tall"></div>`;

const scene = setScene({
  "/tiles.html": tilesPage(TILES),
  "/banner.html": BANNER,
  "/next.html": "<!doctype html><title>Next</title>",
});

/** In the page: the entry, and a function that waits for a number of frames and gives the last one's time. */
const IMPORT = `const { AD_STANDARD, observe, observeList } = await import("/waymark/impressions.js");
  const frames = async (count) => {
    let frameMs = 0;
    for (; count > 0; count--) frameMs = await new Promise((done) => requestAnimationFrame(done));
    return frameMs;
  };
  const seen = () => eventsSeen.length;
  const until = async (condition) => { while (!condition()) await frames(1); };
  const past = async (ms) => {
    const end = performance.now() + ms;
    await until(() => performance.now() > end);
  };
  globalThis.eventsSeen ??= [];
  const recorder = { track: (...call) => void eventsSeen.push(call) };`;

test("of 500 tiles exactly those that the oracle saw are recorded, once each", async () => {
  await scene.visit("/tiles.html");
  const dwellMs = 400;
  const stops = [0, 1000, 1500, 9700, 9000, 24_400, 12_350, 12_450];
  const expected = await scene.start(`${IMPORT}
    const list = observeList(analytics, { listId: "all", category: "Tents" }, { dwellMs: ${dwellMs} });
    for (let tile = 0; tile < ${TILES}; tile++) {
      const element = $("#tile" + tile);
      list.add(element, { product_id: "p" + tile, price: 9.5 });
      observe(analytics, element, { event: "Tile Seen", dwellMs: ${dwellMs}, properties: { tile } });
    }
    const expected = await ${oracleCode({ count: TILES, dwellMs, stops })};
    list.unobserve();
    return expected;`);
  const events = await scene.stored();

  const single = events.filter(({ event }) => event === "Tile Seen");
  const tiles = single.map(({ properties }) => properties.tile);
  assert.deepEqual(
    tiles.sort((a, b) => a - b),
    expected,
  );
  // How many it saw between two stops depends on the machine.
  assert.ok(
    expected.length > 60 && expected.length < TILES,
    `${expected.length}`,
  );

  const lists = events.filter(({ event }) => event === "Product List Viewed");
  const listed = lists.flatMap(({ properties }) => properties.products);
  assert.deepEqual(
    listed.map(({ position }) => position - 1).sort((a, b) => a - b),
    expected,
  );
  assert.ok(
    lists.length < expected.length / 4,
    `${lists.length} events for ${expected.length} products`,
  );
  for (const { product_id, position, price } of listed) {
    assert.deepEqual([product_id, price], [`p${position - 1}`, 9.5]);
  }
  for (const { properties } of lists) {
    assert.equal(properties.list_id, "all");
    assert.equal(properties.category, "Tents");
    assert.ok(properties.products.length <= 50);
  }
});

test("a hidden tab pauses the time that an element is seen", async () => {
  await scene.visit("/banner.html");
  const calls = await scene.run(`${IMPORT}
    const setVisibility = ${SET_VISIBILITY};
    observe(recorder, $("#banner"), { event: "Seen", dwellMs: 800 });
    observe(recorder, $("#banner"), { event: "Module There", dwellMs: 0 });
    await until(() => seen() === 1);
    setVisibility("hidden");
    const hiddenAt = seen();
    await past(1200);
    const whileHidden = seen() - hiddenAt;
    setVisibility("visible");
    await until(() => seen() === 2);
    return { whileHidden, names: eventsSeen.map(([name]) => name) };`);
  assert.deepEqual(calls, { whileHidden: 0, names: ["Module There", "Seen"] });
});

test("an element counts once in a page view, and again in the next one", async () => {
  await scene.visit("/banner.html");
  const seen = await scene.start(`${IMPORT}
    const fast = { dwellMs: 30 };
    observe(analytics, $("#banner"), { event: "Banner Seen", ...fast });
    observe(recorder, $("#banner"), { event: "Each Time", once: false, ...fast });
    analytics.page("First");
    await until(() => seen() === 1);
    for (let times = 2; times <= 3; times++) {
      scrollTo(0, 2000);
      await frames(3);
      scrollTo(0, 0);
      await until(() => seen() === times);
    }
    const before = seen();
    history.pushState({}, "", "/banner.html?page=2");
    analytics.page("Second");
    await analytics;
    await until(() => seen() === 4);
    history.pushState({}, "", "/banner.html?page=2#part");
    analytics.page("Same");
    await past(200);
    return [before, seen()];`);
  assert.deepEqual(seen, [3, 4]);
  const events = await scene.stored();
  const tracks = events.filter(({ event }) => event === "Banner Seen");
  assert.deepEqual(
    tracks.map(({ context }) => context.page.search),
    ["", "?page=2"],
  );
});

test("an element that is no longer observed counts for the time until then", async () => {
  await scene.visit("/banner.html");
  const names = await scene.run(`${IMPORT}
    observe(recorder, $("#banner"), { event: "There", dwellMs: 0 });
    await until(() => seen() === 1);
    const ends = [50, 100_000].map((dwellMs) =>
      observe(recorder, $("#banner"), { event: "After " + dwellMs, dwellMs }));
    const startMs = performance.now();
    await frames(2);
    // Busy for longer than the dwell, so that no timer can have fired.
    while (performance.now() < startMs + 300);
    ends.forEach((end) => { end(); end(); });
    await past(100);
    return eventsSeen.map(([name]) => name);`);
  assert.deepEqual(names, ["There", "After 50"]);
});

test("the advertising standard needs one second without a break", async () => {
  await scene.visit("/banner.html");
  const seen = await scene.run(`${IMPORT}
    let times;
    observe(recorder, $("#banner"), { event: "There", dwellMs: 0 });
    await until(() => seen() === 1);
    for (let ends = [];;) {
      ends.forEach((end) => end());
      const own = (times = {});
      const tracker = (name) => ({ track: () => { own[name] = performance.now(); } });
      ends = [
        observe(tracker("standard"), $("#banner"), { event: "Viewable", ...AD_STANDARD }),
        observe(tracker("sum"), $("#banner"), { event: "Seen" }),
      ];
      const startMs = performance.now();
      await past(400);
      // A busy machine may let the whole second pass.
      if (performance.now() < startMs + 800) break;
    }
    scrollTo(0, 2000);
    // What is seen in a frame is seen at the frame's time, which is before now.
    const backMs = await frames(4);
    scrollTo(0, 0);
    await until(() => times.standard && times.sum);
    return [times.sum < times.standard, times.standard - backMs >= 1000];`);
  assert.deepEqual(seen, [true, true]);
});

test("an element larger than the viewport counts by the part of it that it fills", async () => {
  await scene.visit("/banner.html");
  const names = await scene.run(`${IMPORT}
    const rule = { dwellMs: 0, threshold: 0.6 };
    observe(recorder, $("#tall"), { event: "Of Element", ...rule });
    observe(recorder, $("#tall"), { event: "Of Viewport", of: "viewport", ...rule });
    observe(recorder, $("#banner"), { event: "There", dwellMs: 0 });
    await until(() => seen() === 1);
    scrollTo(0, 3000);
    await past(100);
    const half = eventsSeen.map(([name]) => name);
    scrollTo(0, 3160);
    await until(() => seen() === 2);
    return [half, eventsSeen.map(([name]) => name)];`);
  assert.deepEqual(names, [["There"], ["There", "Of Viewport"]]);
});

test("a page from the back/forward cache is a new page view", async () => {
  await scene.visit("/banner.html");
  await scene.start(`${IMPORT}
    ${NOTE_PERSISTED}
    observe(analytics, $("#banner"), { event: "Banner Seen", dwellMs: 50 });
    await analytics;`);
  await scene.gateway.waitForEvents(1);
  await scene.visit("/next.html");
  await restored(scene.page);
  await scene.gateway.waitForEvents(2);
  const events = await scene.stored();
  assert.deepEqual(
    events.map(({ event }) => event),
    ["Banner Seen", "Banner Seen"],
  );
});

test("products seen just before the page is left are recorded", async () => {
  await scene.visit("/tiles.html");
  await scene.start(`${IMPORT}
    await analytics;
    observe(recorder, $("#tile0"), { event: "There", dwellMs: 0 });
    const list = observeList(analytics, { listId: "top" }, { dwellMs: 0 });
    for (let tile = 0; tile < 8; tile++) {
      list.add($("#tile" + tile), { product_id: "p" + tile });
    }
    await until(() => seen() === 1);
    location.href = "/next.html";`);
  await scene.page.waitForURL("**/next.html");
  await scene.start("await analytics;");
  const [{ event }] = await scene.gateway.waitForEvents(1);
  assert.equal(event.event, "Product List Viewed");
  assert.equal(event.properties.products.length, 8);
});

test("products seen before a route change are recorded with their own page", async () => {
  await scene.visit("/tiles.html");
  await scene.start(`${IMPORT}
    const list = observeList(analytics, { listId: "top" }, { dwellMs: 0 });
    list.add($("#tile0"), { product_id: "p0" });
    observe(recorder, $("#tile0"), { event: "There", dwellMs: 0 });
    await until(() => seen() === 1);
    history.pushState({}, "", "/product");
    list.unobserve();`);
  const [event, ...others] = await scene.stored();
  assert.equal(others.length, 0);
  assert.equal(event.context.page.path, "/tiles.html");
});

test("nothing runs while nothing is visible and pending", async () => {
  await scene.visit("/banner.html");
  const timers = await scene.run(`${IMPORT}
    let set = 0;
    const { setTimeout: own } = globalThis;
    globalThis.setTimeout = (...args) => { set++; return own(...args); };
    observe(recorder, $("#tall"), { event: "Never" });
    observe(recorder, $("#banner"), { event: "There", dwellMs: 0 });
    await until(() => seen() === 1);
    const before = set;
    await past(400);
    return set - before;`);
  assert.equal(timers, 0);
});

test("errors of properties and of a tracker never reach the page", async () => {
  await scene.visit("/banner.html");
  const warnings = await scene.run(`${IMPORT}
    const warned = [];
    console.warn = (...words) => void warned.push(words.join(" "));
    const thrower = () => { throw new Error("own"); };
    observe(recorder, $("#banner"), { event: "A", dwellMs: 0, properties: thrower });
    observe({ track: thrower }, $("#banner"), { event: "B", dwellMs: 0 });
    observe({ track: async () => thrower() }, $("#banner"), { event: "C", dwellMs: 0 });
    observe(recorder, $("#banner"), { event: "D", dwellMs: 0, properties: () => ({ d: 1 }) });
    await until(() => seen() === 1 && warned.length === 3);
    return [warned, eventsSeen[0].slice(0, 2)];`);
  assert.deepEqual(warnings, [
    Array(3).fill("waymark: Error: own"),
    ["D", { d: 1 }],
  ]);
});

test("a module that loads late counts what was seen before", async () => {
  await scene.visit("/banner.html");
  /** @type {() => void} */
  let goOn = () => {};
  const held = new Promise((done) => (goOn = () => done(undefined)));
  scene.hold = (path) => (path.endsWith("_insight_bg.wasm") ? held : undefined);
  await scene.run(`${IMPORT}
    observe(recorder, $("#banner"), { event: "Long", dwellMs: 200 });
    const end = observe(recorder, $("#banner"), { event: "Too Short", dwellMs: 60_000 });
    await past(400);
    end();
    scrollTo(0, 3000);
    await frames(3);`);
  goOn();
  await eventually(() => scene.run("return eventsSeen.length === 1;"));
  assert.equal(await scene.run("return eventsSeen[0][0];"), "Long");
});
