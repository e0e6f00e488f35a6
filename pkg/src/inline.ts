/**
 * Waymark with its core inside the script, for bundlers and pages that ship no other files: the
 * same exports as `waymark`. The import alone fetches and compiles nothing.
 */
import { inlinedWasm } from "./core/inlined-wasm";
import { bringWasm } from "./core/wasm-file";

bringWasm(inlinedWasm);

export * from "./index";
