// @ts-check
// Replaces the names of the core's imports by numbers, in its text (a .wat file of wasm-opt) and in
// its glue: each of wasm-bindgen's names has a hash, which does not compress.
// Usage: node scripts/short-imports.mjs FILE.wat
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GLUE = join(import.meta.dirname, "..", "pkg", "wasm", "core.js");
const IMPORT = /(\(import "\.\/waymark_bg\.js" ")([^"]+)"/g;

const [file = ""] = process.argv.slice(2);
const text = await readFile(file, "utf8");
let glue = await readFile(GLUE, "utf8");
let number = 0;
const numbered = text.replace(IMPORT, (_, before, name) => {
  const parts = glue.split(`    ${name}: function`);
  if (parts.length !== 2) throw new Error(`the glue has not one ${name}`);
  glue = parts.join(`    ${number}: function`);
  return `${before}${number++}"`;
});
if (number === 0) throw new Error(`${file} imports nothing from the glue`);
await writeFile(file, numbered);
await writeFile(GLUE, glue);
