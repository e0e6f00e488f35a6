// @ts-check
// Marks the import of an address that is known only as it runs, so that a bundler leaves it as it
// is: webpack would warn, and throw in its place. The minifier drops such comments from the source.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../pkg/dist/", import.meta.url));
const IMPORT = /\bimport\((?=[\w$]+\):import\()/;
const COMMENT = "/* webpackIgnore: true *//* @vite-ignore */";
/** The digits of a source map: five bits each, and one that says whether more follow. */
const DIGITS =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The first number of a segment, and what follows. @param {string} segment */
function first(segment) {
  let bits = 0;
  let at = 0;
  for (let digit = 32; digit & 32; at++) {
    digit = DIGITS.indexOf(segment[at] ?? "A");
    bits |= (digit & 31) << (5 * at);
  }
  return {
    value: bits & 1 ? -(bits >> 1) : bits >> 1,
    rest: segment.slice(at),
  };
}

/** @param {number} value not negative */
function encoded(value) {
  let text = "";
  let bits = value << 1;
  do {
    const more = bits >> 5 ? 32 : 0;
    text += DIGITS[(bits & 31) | more];
    bits >>= 5;
  } while (bits);
  return text;
}

/** A map's line after `by` characters more at `column`. @param {string} line @param {number} column @param {number} by */
function shifted(line, column, by) {
  let at = 0;
  let isDone = false;
  return line
    .split(",")
    .map((segment) => {
      const { value, rest } = first(segment);
      at += value;
      if (isDone || at < column) return segment;
      isDone = true;
      return encoded(value + by) + rest;
    })
    .join(",");
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
  marked++;
  if (!existsSync(`${path}.map`)) continue;
  const map = JSON.parse(readFileSync(`${path}.map`, "utf8"));
  const before = code.slice(0, at).split("\n");
  const lines = map.mappings.split(";");
  const row = before.length - 1;
  lines[row] = shifted(lines[row], before[row]?.length ?? 0, COMMENT.length);
  writeFileSync(
    `${path}.map`,
    JSON.stringify({ ...map, mappings: lines.join(";") }),
  );
}
if (marked === 0) throw new Error("no import of an address was found");
console.log(`imports of an address marked in ${marked} files`);
