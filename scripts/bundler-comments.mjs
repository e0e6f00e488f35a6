// @ts-check
// Marks the import of an address that is known only as it runs, so that a bundler leaves it as it
// is: webpack would warn, and throw in its place. The minifier drops such comments from the source.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@jridgewell/sourcemap-codec";

const DIST = fileURLToPath(new URL("../pkg/dist/", import.meta.url));
const IMPORT = /\bimport\((?=[\w$]+\))/;
const COMMENT = "/* webpackIgnore: true *//* @vite-ignore */";

/** Moves what a source map says of the line's rest. @param {string} path @param {string} before the code up to the comment */
function shiftMap(path, before) {
  const map = JSON.parse(readFileSync(path, "utf8"));
  const mappings = decode(map.mappings);
  const lines = before.split("\n");
  const column = lines.at(-1)?.length ?? 0;
  for (const segment of mappings[lines.length - 1] ?? [])
    if (segment[0] >= column) segment[0] += COMMENT.length;
  writeFileSync(path, JSON.stringify({ ...map, mappings: encode(mappings) }));
}

let marked = 0;
for (const name of readdirSync(DIST)) {
  if (!/\.c?js$/.test(name)) continue;
  const path = join(DIST, name);
  const code = readFileSync(path, "utf8");
  const found = IMPORT.exec(code);
  if (!found) continue;
  const at = found.index + found[0].length;
  writeFileSync(path, code.slice(0, at) + COMMENT + code.slice(at));
  if (existsSync(`${path}.map`)) shiftMap(`${path}.map`, code.slice(0, at));
  marked++;
}
if (marked === 0) throw new Error("no import of an address was found");
console.log(`imports of an address marked in ${marked} files`);
