// @ts-check
// Writes measurements into documents, between markers.
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { launchChromium } from "../tests/support/chromium.mjs";
import { ROOT } from "../tests/support/program.mjs";
import { versionOf } from "./libraries.mjs";

/**
 * Replaces the text between `<!-- name -->` and `<!-- /name -->`.
 *
 * @param {string} document path from the repository's root
 * @param {string} name
 * @param {string} text
 * @throws {Error} if the document lacks the markers
 */
export async function writeSection(document, name, text) {
  const path = join(ROOT, document);
  const before = await readFile(path, "utf8");
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  if (!before.includes(open) || !before.includes(close)) {
    throw new Error(`${document} has no ${open} and ${close}`);
  }
  const [head] = before.split(open);
  const [, tail] = before.split(close);
  await writeDocument(document, `${head}${open}\n\n${text}\n\n${close}${tail}`);
}

/**
 * Writes a document, formatted with prettier.
 *
 * @param {string} document path from the repository's root
 * @param {string} text
 */
export async function writeDocument(document, text) {
  const formatted = await format(text, { parser: "markdown" });
  await writeFile(join(ROOT, document), formatted);
}

/**
 * Formats a Markdown table.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.join(" | ")} |`;
  const rule = head.map((_, at) => (at === 0 ? "---" : "--:"));
  return [head, rule, ...rows].map(line).join("\n");
}

/**
 * Names the machine, the browser and the libraries in a sentence.
 *
 * @param {readonly import("./libraries.mjs").Library[]} libraries
 */
export async function circumstances(libraries) {
  const browser = await launchChromium();
  const version = browser.version();
  await browser.close();
  const cores = cpus();
  const model = cores[0]?.model.trim() || process.arch;
  const memory = Math.round(totalmem() / 1024 ** 3);
  const versions = await Promise.all(
    libraries.map(async (it) => `${it.label} ${await versionOf(it)}`.trim()),
  );
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cores.length} cores (${model}), ${memory} GiB`;
  return `${day}; ${machine}; Chromium ${version}, headless; ${versions.join(", ")}.`;
}
