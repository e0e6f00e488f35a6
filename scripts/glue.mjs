// @ts-check
// Makes pkg/wasm/core.js from wasm-bindgen's glue: a function that returns a fresh scope for each
// instance of the core, so that a new instance can follow one that trapped.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const WASM = join(import.meta.dirname, "..", "pkg", "wasm");

/**
 * The changes: text crosses in one `encode` instead of character by character, and code that no
 * browser with WebAssembly and ES2022 needs is left out.
 *
 * @type {[RegExp, string][]}
 */
const CHANGES = [
  [
    /function initSync\(module\) \{.*?\n\}\n/gs,
    `function initSync({ module }) {
  __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()));
}
`,
  ],
  [/if \(!\("encodeInto" in cachedTextEncoder\)\) \{.*?\n\}\n/gs, ""],
  [
    /function passStringToWasm0\(.*?\n\}\n/gs,
    `function passStringToWasm0(arg, malloc) {
  const bytes = cachedTextEncoder.encode(arg);
  const ptr = malloc(bytes.length, 1) >>> 0;
  getUint8ArrayMemory0().set(bytes, ptr);
  WASM_VECTOR_LEN = bytes.length;
  return ptr;
}
`,
  ],
  [/"\.\/waymark_bg\.js": import0/g, "[CORE_VERSION]: import0"],
  [/export (\{[^}]*\});?\s*$/g, "return $1;\n"],
];

const { outputFiles } = await build({
  bundle: true,
  format: "esm",
  logLevel: "error",
  // Without the default export: the package fetches and compiles by itself.
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
  `export const CORE_VERSION = "./waymark_bg.js";
export function bindCore(browser) {\n${body}}\n`,
);
await writeFile(
  join(WASM, "core.d.ts"),
  `import type * as exported from "./waymark.js";
import type { Browser } from "../src/core/browser";
/** What the core offers; see src/engine.rs. */
export type Instance = Omit<typeof exported, "default" | "initSync">;
/** The name of the module that the wasm of this version imports. */
export const CORE_VERSION: string;
/** A fresh scope for one instance, which calls \`browser\`; see src/browser.rs. */
export function bindCore(browser: Browser): Instance & {
  initSync: (module: { module: WebAssembly.Module }) => unknown;
};
`,
);
