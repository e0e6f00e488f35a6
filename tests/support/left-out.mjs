// @ts-check
// The one list of tests that an engine does not run, each with the reason.

const TAB_CRASH =
  "a tab that is killed ends the driver's session: tests/engines/killed.test.mjs has one";
const ONE_OF_A_KIND =
  "the core decides alone, and another answer of the kind is there";
const OWN_READING = "the package itself takes the bodies apart, in minutes";
const SAME_CODE =
  "of the two builds one is enough: what the page has done is the same";

const ENDLESS =
  "WebKit ends no answer to a request with keepalive, by abort() or by cancel()";

/**
 * @typedef {object} Row
 * @property {string | RegExp} test its name, or a pattern of names
 * @property {string} reason
 * @property {string} [engine] the only one that leaves it out; default all but Chromium
 */

/** @type {Row[]} */
const ROWS = [
  {
    test: /: a tab that crashes after the next event loses nothing$/,
    reason: TAB_CRASH,
  },
  {
    test: "after a crash of the renderer the next page sends what was committed",
    reason: TAB_CRASH,
  },
  {
    test: /^a tab that crashes without a database that takes commits loses nothing/,
    reason: TAB_CRASH,
  },
  {
    test: "a tab that crashes before its client is there loses nothing",
    reason: TAB_CRASH,
  },
  {
    test: /^a server that answers (401|404|500|503) for a while costs no event$/,
    reason: ONE_OF_A_KIND,
  },
  {
    test: /, recorded with the core, harms no other event$/,
    reason: ONE_OF_A_KIND,
  },
  {
    test: /^(cold|warm) page left at once, next document after (30|300) ms$/,
    reason: ONE_OF_A_KIND,
  },
  {
    test: /^answers with odd bodies give up what they list and nothing else/,
    reason: OWN_READING,
  },
  { test: / \(modules\)$/, reason: SAME_CODE },
  {
    test: "an answer that never ends holds nothing up once its limit is read (by fetch)",
    reason: ENDLESS,
    engine: "WebKit",
  },
];

/** The rows of the list for an engine. @param {string} name */
export const rowsFor = (name) =>
  ROWS.filter(({ engine = name }) => name !== "Chromium" && engine === name);

/** Whether a row is about the test of this name. @param {string | RegExp} test @param {string} name */
export const isAbout = (test, name) =>
  typeof test === "string" ? test === name : test.test(name);

/**
 * Why an engine leaves out the test of this name, if it does.
 *
 * @param {string} engine
 * @param {string} name
 * @returns {string | undefined}
 */
export const whyLeftOut = (engine, name) =>
  rowsFor(engine).find(({ test }) => isAbout(test, name))?.reason;
