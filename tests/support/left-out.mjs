// @ts-check
// The one list of tests that an engine does not run, each with the reason.

const TAB_CRASH =
  "no driver kills a tab's process and goes on; tests/engines kills browsers";
const SAME = "the core decides alone; one answer of the kind is enough";

/** Tests by the reason for which Firefox and WebKit leave them out. @type {Record<string, string[]>} */
const BY_REASON = {
  [TAB_CRASH]: [
    "the page deletes all databases: a tab that crashes after the next event loses nothing",
    "the page deletes all databases twice: a tab that crashes after the next event loses nothing",
    "the connection is closed: a tab that crashes after the next event loses nothing",
    "the browser ends the connection: a tab that crashes after the next event loses nothing",
    "the page deletes all databases in the task of an event: a tab that crashes after the next event loses nothing",
    "after a crash of the renderer the next page sends what was committed",
    "a tab that crashes without a database that takes commits loses nothing (REFUSED)",
    "a tab that crashes without a database that takes commits loses nothing (SILENT)",
    "a tab that crashes without a database that takes commits loses nothing (FULL)",
    "a tab that crashes before its client is there loses nothing",
  ],
  [SAME]: [
    "a server that answers 401 for a while costs no event",
    "a server that answers 404 for a while costs no event",
    "a server that answers 500 for a while costs no event",
    "a server that answers 503 for a while costs no event",
  ],
};

/**
 * The tests that an engine leaves out, with the reason.
 *
 * @param {string} engine
 * @returns {Map<string, string>}
 */
export function leftOut(engine) {
  const all = Object.entries(engine === "Chromium" ? {} : BY_REASON);
  return new Map(
    all.flatMap(([reason, names]) => names.map((name) => [name, reason])),
  );
}
