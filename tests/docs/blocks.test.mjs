// @ts-check
// Every code block of README.md and docs/ is run by a test, or says why it is not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/program.mjs";
import { snippets } from "../support/snippets.mjs";

const all = await snippets();
const at = (/** @type {typeof all[number]} */ { document, line }) =>
  `${document}:${line}`;

test("each block has a language, and a test or a reason", () => {
  assert.ok(all.length > 25, `${all.length} blocks were found`);
  const bare = all.filter((one) => !one.language || !(one.test ?? one.reason));
  assert.deepEqual(bare.map(at), []);
});

test("the tests exist, and ask for their blocks", async () => {
  for (const snippet of all) {
    if (!snippet.test) continue;
    const text = await readFile(join(ROOT, snippet.test), "utf8");
    assert.match(text, /snippetsFor\(import\.meta\.url\)/, at(snippet));
  }
});

test("at most one block is not run", () => {
  const left = all.filter(({ reason }) => reason);
  assert.deepEqual(
    left.map(({ document, language }) => `${document}: ${language}`),
    ["docs/bundlers-and-csp.md: html"],
  );
});
