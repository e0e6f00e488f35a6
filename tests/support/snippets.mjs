// @ts-check
// The code blocks of README.md and docs/. A comment above each says which test runs it
// (`<!-- run by tests/…/docs.test.mjs -->`), or why none does (`<!-- not run: … -->`).
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./program.mjs";

/**
 * @typedef {object} Snippet
 * @property {string} document its path from the repository's root
 * @property {number} line of its first line of code
 * @property {string} language
 * @property {string} code
 * @property {string | undefined} name the file that its first line names
 * @property {string | undefined} test the test that runs it, by its path
 * @property {string | undefined} reason why no test does
 */

const BLOCK =
  /(?:<!-- (?:run by (?<test>\S+)|not run: (?<reason>[^\n]+)) -->\n+)?^```(?<language>\w*)\n(?<code>.*?)^```$/gms;
/** `// Shop.tsx` or `# gateway.toml` in a block's first line. */
const NAME = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/;

/** Paths of README.md and the chapters from the repository's root. */
export async function documents() {
  const chapters = await readdir(join(ROOT, "docs"));
  const texts = chapters.filter((name) => name.endsWith(".md")).sort();
  return ["README.md", ...texts.map((name) => `docs/${name}`)];
}

/**
 * All blocks of a document.
 *
 * @param {string} document its path from the repository's root
 * @returns {Promise<Snippet[]>}
 */
export async function snippetsIn(document) {
  const text = await readFile(join(ROOT, document), "utf8");
  return [...text.matchAll(BLOCK)].map((match) => {
    const { language = "", code = "", test, reason } = match.groups ?? {};
    const fence = match.index + match[0].indexOf("```");
    const line = text.slice(0, fence).split("\n").length + 1;
    const [, name] = NAME.exec(code) ?? [];
    return { document, line, language, code, name, test, reason };
  });
}

/** All blocks of all documents. @returns {Promise<Snippet[]>} */
export async function snippets() {
  const all = await Promise.all((await documents()).map(snippetsIn));
  return all.flat();
}

/**
 * The blocks that name this test.
 *
 * @param {string} url `import.meta.url` of the test
 * @returns {Promise<Snippet[]>}
 */
export async function snippetsFor(url) {
  const path = relative(ROOT, fileURLToPath(url));
  return (await snippets()).filter(({ test }) => test === path);
}

/**
 * The code with a test's gateway in place of the documented one.
 *
 * @param {string} code
 * @param {string} host of the gateway, whose browser key is `demo-browser-key`
 */
export const towards = (code, host) =>
  code
    .replaceAll("127.0.0.1:8080", host)
    .replaceAll("shop-browser-key", "demo-browser-key");
