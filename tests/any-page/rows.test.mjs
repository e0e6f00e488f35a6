// @ts-check
// Pages that are not clean: what they record arrives as from a clean page. With WAYMARK_ENGINE=js
// over the core as JavaScript, which is the same in both builds of a page.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "node:test";
import { isChromium } from "../support/browser.mjs";
import { test } from "../support/engine-test.mjs";
import "../support/watchdog.mjs";
import { BUILDS, setPages } from "./pages.mjs";

const pages = setPages();
/** Pages at the same time, as most of a page's time is waiting; a driver has one profile. */
const concurrency = isChromium ? 4 : 1;
const builds =
  process.env.WAYMARK_ENGINE === "js" ? BUILDS.slice(0, 1) : BUILDS;
const folder = join(import.meta.dirname, "rows");

for (const file of (await readdir(folder)).sort()) {
  /** @type {{ rows: import("./row.mjs").Row[] }} */
  const { rows } = await import(join(folder, file));
  describe(file.replace(".mjs", ""), { concurrency }, () => {
    for (const row of rows) {
      for (const build of row.builds ?? builds) {
        test(`${row.name} (${build})`, async () => {
          const clean = await pages.clean(row, build);
          assert.deepEqual(await pages.stored(row, build), clean);
        });
      }
    }
  });
}
