// @ts-check
// Makes pkg/wasm/script.js, the core as JavaScript, of what scripts/build-wasm2js left in FOLDER:
// a function that gives a scope of its own for each instance, as pkg/wasm/core.js does.
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
// Memory that has grown is another buffer here, and the one before is never detached.
const DETACHED = /(\w+)\.byteLength === 0/g;
const DETACHED_VIEW =
  /(\w+)\.buffer\.detached === true \|\| \1\.buffer\.detached === void 0 && /g;
if (!DETACHED.test(glue) || !DETACHED_VIEW.test(glue)) {
  throw new Error("wasm-bindgen's glue does not look for detached memory");
}
const body = glue
  .replace(DETACHED, "$1.buffer !== wasm.memory.buffer")
  .replace(DETACHED_VIEW, "")
  .replace(SET_EXPORTS, "__wbg_set_wasm(guard($1));")
  .replace(/export (\{[^}]*\});?\s*$/, "return $1;\n");
await writeFile(
  join(WASM, "script.js"),
  `export function bindScript(guard) {\n${body}}\n`,
);
await writeFile(
  join(WASM, "script.d.ts"),
  `import type { Engine } from "./core.js";
type Exports = WebAssembly.Exports;
/** A scope for one instance. \`guard\` is given what it exports, and gives what is called. */
export function bindScript(guard: (exports: Exports) => Exports): Engine;
`,
);
