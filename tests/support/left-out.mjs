// @ts-check
// The one list of tests that an engine does not run, each with the reason.

const TAB_CRASH =
  "a tab that is killed ends the driver's session: tests/engines/killed.test.mjs has one";
const ONE_OF_A_KIND =
  "the core decides alone, and another answer of the kind is there";
const SAME_CODE =
  "of the two builds one is enough: what the page has done is the same";

/**
 * Tests, as their names or a pattern of them, by the reason for which Firefox and WebKit leave them
 * out.
 *
 * @type {Record<string, (string | RegExp)[]>}
 */
const BY_REASON = {
  [TAB_CRASH]: [
    /: a tab that crashes after the next event loses nothing$/,
    "after a crash of the renderer the next page sends what was committed",
    /^a tab that crashes without a database that takes commits loses nothing/,
    "a tab that crashes before its client is there loses nothing",
  ],
  [ONE_OF_A_KIND]: [
    /^a server that answers (401|404|500|503) for a while costs no event$/,
    /, recorded with the core, harms no other event$/,
    /^(cold|warm) page left at once, next document after (30|300) ms$/,
  ],
  [SAME_CODE]: [/ \(modules\)$/],
};

/** The rows of the list for an engine. @param {string} engine */
export const rowsFor = (engine) =>
  engine === "Chromium"
    ? []
    : Object.entries(BY_REASON).flatMap(([reason, tests]) =>
        tests.map((test) => ({ test, reason })),
      );

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
