// @ts-check
// Makes pkg/wasm/core.js of wasm-bindgen's glue: a function that gives a scope of its own for each
// instance of the core, so that a fresh one can follow one that failed.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const WASM = join(import.meta.dirname, "..", "pkg", "wasm");

/**
 * What is written otherwise: exports pass a guard, a text crosses by `encodeInto` as a whole
 * instead of character by character, and what no browser with WebAssembly and ES2022 needs is
 * left out, as every page would pay for it.
 *
 * @type {[RegExp, string][]}
 */
const CHANGES = [
  [/wasm = instance\.exports;/g, "wasm = guard(instance.exports);"],
  [
    /function initSync\(module\) \{.*?\n\}\n/gs,
    `function initSync({ module }) {
  __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()));
}
`,
  ],
  [/if \(!\("encodeInto" in cachedTextEncoder\)\) \{.*?\n\}\n/gs, ""],
  [
    /typeof FinalizationRegistry === "undefined" \? .*?\} : new Final/gs,
    "new Final",
  ],
  [
    /function passStringToWasm0\(.*?\n\}\n/gs,
    `function passStringToWasm0(arg, malloc, realloc) {
  const size = arg.length * 3;
  const ptr = malloc(size, 1) >>> 0;
  const view = getUint8ArrayMemory0().subarray(ptr, ptr + size);
  const { written } = cachedTextEncoder.encodeInto(arg, view);
  WASM_VECTOR_LEN = written;
  return realloc(ptr, size, written, 1) >>> 0;
}
`,
  ],
  [/export (\{[^}]*\});?\s*$/g, "return $1;\n"],
];

const { outputFiles } = await build({
  bundle: true,
  format: "esm",
  logLevel: "error",
  // What the package does itself is left out: fetching and compiling.
  stdin: {
    contents: `export * from "./waymark.js";`,
    resolveDir: WASM,
  },
  write: false,
});
let body = outputFiles[0]?.text ?? "";
for (const [pattern, change] of CHANGES) {
  if (body.search(pattern) < 0) throw new Error(`the glue has no ${pattern}`);
  body = body.replace(pattern, change);
}
await writeFile(
  join(WASM, "core.js"),
  `export function bindCore(guard) {\n${body}}\n`,
);
await writeFile(
  join(WASM, "core.d.ts"),
  `import type * as exported from "./waymark.js";
/** What the core offers; see src/engine.rs. */
export type Engine = Omit<typeof exported, "default" | "initSync">;
type Exports = WebAssembly.Exports;
/** A scope for one instance. \`guard\` is given what the wasm exports, and gives what is called. */
export function bindCore(guard: (exports: Exports) => Exports): Engine & {
  initSync: (module: { module: WebAssembly.Module }) => unknown;
};
`,
);
