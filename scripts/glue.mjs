// @ts-check
// Makes pkg/wasm/core.js of wasm-bindgen's glue: a function that gives a scope of its own for each
// instance of the core, so that a fresh one can follow one that failed.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const WASM = join(import.meta.dirname, "..", "pkg", "wasm");
const EXPORTS = "wasm = instance.exports;";

const { outputFiles } = await build({
  bundle: true,
  format: "esm",
  logLevel: "error",
  // What the package does itself is left out: fetching and compiling.
  stdin: {
    contents: `export { Engine, initSync } from "./waymark.js";`,
    resolveDir: WASM,
  },
  write: false,
});
const glue = outputFiles[0]?.text ?? "";
if (glue.split(EXPORTS).length !== 2) {
  throw new Error(`wasm-bindgen's glue has not one "${EXPORTS}"`);
}
const body = glue
  .replace(EXPORTS, "wasm = guard(instance.exports);")
  .replace(/export \{[^}]*\};?\s*$/, "return { Engine, initSync };\n");
await writeFile(
  join(WASM, "core.js"),
  `export function bindCore(guard) {\n${body}}\n`,
);
await writeFile(
  join(WASM, "core.d.ts"),
  `import { Engine } from "./waymark.js";
export type { Engine };
type Exports = WebAssembly.Exports;
/** A scope for one instance. \`guard\` is given what the wasm exports, and gives what is called. */
export function bindCore(guard: (exports: Exports) => Exports): {
  Engine: typeof Engine;
  initSync: (module: { module: WebAssembly.Module }) => unknown;
};
`,
);
