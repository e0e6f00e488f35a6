// @ts-check
// Pages that replace and clobber at random, by a seed: nothing is thrown into them, every event is
// stored once or counted, and no other host is asked.
//
//     RANDOM_PAGES=1000 node --test tests/any-page/random.test.mjs   # default 40
//     RANDOM_SEED=17 node --test tests/any-page/random.test.mjs   # one page, or the first
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import "../support/watchdog.mjs";
import { RandomStage } from "./random-stage.mjs";

const { RANDOM_PAGES, RANDOM_SEED } = process.env;
const FIRST = Number(RANDOM_SEED ?? 1);
const COUNT = Number(RANDOM_PAGES ?? (RANDOM_SEED ? 1 : 40));
/** Pages of a test. */
const CHUNK = 50;
/** How many failing pages of a test are made smaller. */
const SMALLER_MAX = 30;

const stage = new RandomStage();
before(() => stage.open());
after(() => stage.close());

/** @param {import("./random-stage.mjs").Outcome} outcome */
const told = ({ page: { seed, build, parts }, faults }) =>
  `seed ${seed} (${build}): ${parts.map(({ what }) => what).join("; ") || "a clean page"}\n      ${faults.slice(0, 2).join("\n      ")}`;

for (let first = FIRST; first < FIRST + COUNT; first += CHUNK) {
  const count = Math.min(CHUNK, FIRST + COUNT - first);
  test(`random pages from seed ${first}: ${count}`, async () => {
    const pages = Array.from({ length: count }, (_, n) =>
      stage.page(first + n),
    );
    const failed = (await stage.outcomes(pages)).filter(
      ({ faults }) => faults.length > 0,
    );
    const smaller = await stage.smallest(failed.slice(0, SMALLER_MAX));
    const lines = [...smaller, ...failed.slice(SMALLER_MAX)].map(told);
    assert.equal(lines.length, 0, `\n${lines.join("\n")}\n`);
  });
}
