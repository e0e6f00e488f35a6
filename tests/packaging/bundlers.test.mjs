// @ts-check
// The packed package in a small project of each bundler, and without one: built as its users
// build, loaded in Chromium, and its events stored by the real gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { scriptsOf, visit, Workbench } from "./project.mjs";

/** Words of what the projects do not import: the bundler has to leave it out. */
const LEFT_OUT = {
  "waymark/ecommerce": "Wishlist Product Added to Cart",
  "waymark/impressions": "waymark_insight_bg",
  "the service": "NEXT_PUBLIC_SEGMENT_WRITE_KEY",
  "React's forms": "Form Submitted",
};

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Workbench} */
let bench;
before(async () => {
  [browser, bench] = await Promise.all([launchChromium(), Workbench.open()]);
});
after(async () => {
  await browser?.close();
  await bench?.close();
});

/** @param {import("./project.mjs").Visit} seen @param {string} by the bundler's name */
function assertTracked({ troubles, events }, by) {
  assert.deepEqual(troubles, []);
  assert.deepEqual(
    events.map(({ type, name, event }) => [type, name ?? event]),
    [
      ["page", "Home"],
      ["track", "Bundled"],
    ],
  );
  assert.equal(events[1].properties.by, by);
}

/** @param {import("./project.mjs").Visit} seen */
const coresOf = ({ fetched }) =>
  fetched.filter(({ path }) => /\.wasm$|core-script/.test(path));

/** @param {string} site @param {string[]} [shipped] entries that it may have */
async function assertLeftOut(site, shipped = []) {
  const scripts = await scriptsOf(site);
  for (const [entry, word] of Object.entries(LEFT_OUT)) {
    assert.ok(shipped.includes(entry) || !scripts.includes(word), entry);
  }
}

for (const [project, name] of /** @type {const} */ ([
  ["vite", "Vite"],
  ["webpack", "webpack"],
  ["rollup", "Rollup"],
  ["esbuild", "esbuild"],
  ["parcel", "Parcel"],
])) {
  test(`built by ${name}, a page finds the wasm, and ships only what it imports`, async () => {
    const site = await bench.build(project);
    const seen = await visit(browser, site);
    assertTracked(seen, name);
    const [core, ...more] = coresOf(seen);
    assert.equal(core?.type, "application/wasm");
    assert.deepEqual(more, []);
    // Inside a module it is terser that leaves things out, and that takes long.
    await assertLeftOut(site, project === "webpack" ? ["React's forms"] : []);
  });
}

test("without a bundler, a module script finds the wasm beside it", async () => {
  const seen = await visit(browser, await bench.build("plain"));
  assertTracked(seen, "plain");
  assert.deepEqual(coresOf(seen), [
    { path: "/waymark/waymark_bg.wasm", type: "application/wasm" },
  ]);
});

test("waymark/inline makes one script with the core inside", async () => {
  const site = await bench.build("esbuild-inline");
  const seen = await visit(browser, site);
  assertTracked(seen, "esbuild-inline");
  assert.deepEqual(
    seen.fetched.map(({ path }) => path).filter((path) => /\./.test(path)),
    ["/main.js"],
  );
});
