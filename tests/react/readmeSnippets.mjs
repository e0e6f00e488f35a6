// @ts-check
// The code blocks of README.md's React section, by the file that each names in its first line.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../support/program.mjs";

/** @returns {Promise<{ files: Record<string, string>, unnamed: string[] }>} */
export async function readmeSnippets() {
  const text = await readFile(join(ROOT, "README.md"), "utf8");
  const [, section = ""] = text.split(/^## React$/m);
  const [guide = ""] = section.split(/^## /m);
  /** @type {Record<string, string>} */
  const files = {};
  const unnamed = [];
  for (const [, code = ""] of guide.matchAll(/^```\w+\n(.*?)^```$/gms)) {
    const [, name] = /^\/\/ ([\w-]+\.tsx?)\n/.exec(code) ?? [];
    if (name) files[name] = code;
    else unnamed.push(code);
  }
  return { files, unnamed };
}
