// @ts-check
// Makes pkg/wasm/script.js, the core as JavaScript, from the output of scripts/build-wasm2js in
// FOLDER: a function that returns a fresh scope for each instance, as pkg/wasm/core.js does.
// Usage: node scripts/script-glue.mjs FOLDER
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const WASM = join(import.meta.dirname, "..", "pkg", "wasm");
const SET_EXPORTS = /__wbg_set_wasm\((\w+)\);/;

const { outputFiles } = await build({
  bundle: true,
  format: "esm",
  logLevel: "error",
  stdin: {
    contents: `export * from "./waymark.js";`,
    resolveDir: resolve(process.argv[2] ?? ""),
  },
  write: false,
});
const glue = outputFiles[0]?.text ?? "";
if (!SET_EXPORTS.test(glue)) {
  throw new Error("wasm-bindgen's glue does not set its exports");
}
// Here, growing memory replaces its buffer and never detaches the old one.
const DETACHED = /(\w+)\.byteLength === 0/g;
const DETACHED_VIEW =
  /(\w+)\.buffer\.detached === true \|\| \1\.buffer\.detached === void 0 && /g;
if (!DETACHED.test(glue) || !DETACHED_VIEW.test(glue)) {
  throw new Error("wasm-bindgen's glue does not look for detached memory");
}
const body = glue
  .replace(DETACHED, "$1.buffer !== wasm.memory.buffer")
  .replace(DETACHED_VIEW, "")
  .replace(SET_EXPORTS, "__wbg_set_wasm($1);")
  .replace(/export (\{[^}]*\});?\s*$/, "return $1;\n");
await writeFile(
  join(WASM, "script.js"),
  `export function bindScript(browser) {\n${body}}\n`,
);
await writeFile(
  join(WASM, "script.d.ts"),
  `import type { Instance } from "./core.js";
import type { Browser } from "../src/core/browser";
/** A fresh scope for one instance, which calls \`browser\`; see src/browser.rs. */
export function bindScript(browser: Browser): Instance;
`,
);
