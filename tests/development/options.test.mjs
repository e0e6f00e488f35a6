// @ts-check
// Each option, with right and wrong values and under names that are not quite its own: what
// development says of it, and what it does to a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "../e2e/shop.mjs";
import { optionNames } from "./option-names.mjs";
import { labelOf, stepsOf, withOption } from "./one-option.mjs";
import { OPTIONS, SETTINGS } from "./option-table.mjs";

const PAGE = "/shop.html";
const shop = setShop({ [PAGE]: "<!doctype html><title>Shop</title>" });

const ALL = { ...SETTINGS, ...OPTIONS };
/**
 * The code of the two arguments of `load` with one option.
 *
 * @param {string} path
 * @param {string} value
 * @param {string[]} [names] where it stands, if not at its path
 */
function load(path, value, names = stepsOf(path)) {
  const given = withOption(names, value);
  const isSetting = path in SETTINGS;
  const settings = isSetting
    ? `{ writeKey: "k", ...${given} }`
    : `{ writeKey: "k" }`;
  const more = isSetting || path === "consent" ? "" : `consent: "required",`;
  return [
    settings,
    isSetting ? `{ consent: "required" }` : `{ ${more} ...${given} }`,
  ];
}

/** In the page: `of` gives what is said of a pair of arguments. */
const LISTEN = `
  let said = [];
  let heard = () => {};
  for (const how of ["warn", "error"]) {
    console[how] = (...words) => {
      said.push(words.join(" "));
      heard();
    };
  }
  const { AnalyticsBrowser } = await import("/waymark/index.js");
  // What is fetched already comes in the order in which it is asked for.
  await import("/waymark/waymark.development.js");
  let count = 0;
  const of = async (settings, options) => {
    said = [];
    AnalyticsBrowser.load(settings, options);
    // What is said of the next client comes after what is said of this one.
    const marker = "qqqq" + count++;
    const isLast = () => said.at(-1)?.includes(marker);
    AnalyticsBrowser.load({ writeKey: "k" }, { consent: "required", [marker]: true });
    await new Promise((done) => (heard = () => isLast() && done()));
    return said.slice(0, -1);
  };`;

/**
 * What a page is told for each of the loads.
 *
 * @param {string[][]} loads
 * @returns {Promise<string[][]>}
 */
async function toldOf(loads) {
  await shop.open(PAGE);
  const asked = loads.map((both) => `told.push(await of(${both.join(", ")}));`);
  return /** @type {Promise<string[][]>} */ (
    shop.page.evaluate(
      `(async () => { ${LISTEN} const told = []; ${asked.join("\n")} return told; })()`,
    )
  );
}

test("the table has a row for every option that the types have", () => {
  assert.deepEqual(Object.keys(ALL).sort(), optionNames());
});

test("nothing is said of right values", async () => {
  const rows = Object.entries(ALL).flatMap(([path, { right }]) =>
    right.map((value) => ({ path, value })),
  );
  const told = await toldOf(rows.map(({ path, value }) => load(path, value)));
  const wrong = rows.flatMap(({ path, value }, at) =>
    (told[at] ?? []).map((line) => `${path}: ${value}: ${line}`),
  );
  assert.deepEqual(wrong, []);
});

test("a wrong value has one warning, which names the option and what to write", async () => {
  const rows = Object.entries(ALL).flatMap(([path, { wrong }]) =>
    wrong.map((value) => ({ path, value })),
  );
  // A text that was said already is not said again, so each row has a page's first word.
  const told = await toldOf(rows.map(({ path, value }) => load(path, value)));
  for (const [at, { path, value }] of rows.entries()) {
    const lines = told[at] ?? [];
    const what = `${path}: ${value}: ${lines.join(" | ")}`;
    assert.equal(lines.length, 1, what);
    assert.ok(lines[0]?.includes(labelOf(path)), what);
    assert.match(lines[0] ?? "", /^waymark: .*(write |needs a )/, what);
  }
});

/** A name with a letter left out. @param {string} name */
const misspelt = (name) => {
  const at = Math.floor(name.length / 2);
  return name.slice(0, at) + name.slice(at + 1);
};

/** A name as other people write it. @param {string} name */
const inOtherCase = (name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test("a name that is almost an option's is answered with that option's", async () => {
  const rows = Object.entries(ALL).flatMap(([path, { right }]) => {
    const names = stepsOf(path);
    const own = names.pop() ?? "";
    return [misspelt(own), inOtherCase(own)]
      .filter((name) => name !== own)
      .map((name) => ({
        own,
        path,
        name,
        names: [...names, name],
        value: right[0] ?? "",
      }));
  });
  const told = await toldOf(
    rows.map(({ path, names, value }) => load(path, value, names)),
  );
  for (const [at, { own, path, name }] of rows.entries()) {
    const lines = told[at] ?? [];
    const what = `${name} for ${path}: ${lines.join(" | ")}`;
    assert.equal(lines.length, 1, what);
    assert.ok(
      lines[0]?.includes(`${name}: did you mean ${own}?`) ||
        lines[0]?.includes(`["${name}"]: did you mean ${own}?`),
      what,
    );
  }
});

test("an option that stands in another's place is told where it belongs, others that they have no effect", async () => {
  const told = await toldOf([
    [`{ writeKey: "k", flushAt: 5 }`, `{ consent: "required" }`],
    [
      `{ writeKey: "k" }`,
      `{ consent: "required", cdnURL: "https://cdn.example" }`,
    ],
    [
      `{ writeKey: "k" }`,
      `{ consent: "required", apiHost: "gateway.example/v1" }`,
    ],
    [`{ writeKey: "k" }`, `{ consent: "required", colour: "red" }`],
    [`{ writeKey: "k" }`, `"fast"`],
    [`"k"`, `{}`],
  ]);
  assert.deepEqual(told, [
    [
      "waymark: no option flushAt: did you mean flushAt in the second argument of load()?",
    ],
    [
      "waymark: no option cdnURL: did you mean cdnURL in the first argument of load()?",
    ],
    [
      `waymark: no option apiHost: did you mean integrations["Segment.io"].apiHost?`,
    ],
    ["waymark: no option colour: it has no effect, so leave it out"],
    ["waymark: the second argument of load() is no object: write options"],
    [
      "waymark: load() needs a writeKey; nothing is recorded",
      `waymark: the first argument of load() is no object: write settings such as { writeKey: "…" }`,
    ],
  ]);
});
