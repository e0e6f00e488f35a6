// @ts-check
// Replaces the names of the core's imports by numbers, in its text (a .wat file of wasm-opt) and in
// its glue: each of wasm-bindgen's names has a hash, which does not compress. The name of the
// module that they come from becomes the version: a hash of both.
// Usage: node scripts/short-imports.mjs FILE.wat
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GLUE = join(import.meta.dirname, "..", "pkg", "wasm", "core.js");
const MODULE = "./waymark_bg.js";
const IMPORT = /\(import "\.\/waymark_bg\.js" "([^"]+)"/g;

const [file = ""] = process.argv.slice(2);
const text = await readFile(file, "utf8");
let glue = await readFile(GLUE, "utf8");
const version = createHash("sha256")
  .update(text)
  .update(glue)
  .digest("base64url")
  .slice(0, 8);
let number = 0;
const numbered = text.replace(IMPORT, (_, name) => {
  const parts = glue.split(`    ${name}: function`);
  if (parts.length !== 2) throw new Error(`the glue has not one ${name}`);
  glue = parts.join(`    ${number}: function`);
  return `(import "${version}" "${number++}"`;
});
if (number === 0) throw new Error(`${file} imports nothing from the glue`);
await writeFile(file, numbered);
await writeFile(GLUE, glue.replace(JSON.stringify(MODULE), `"${version}"`));
