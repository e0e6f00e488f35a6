/**
 * Waymark with its core inside the script, for bundlers and pages that ship no other files. It has
 * the exports of `waymark`; the import itself fetches and compiles nothing.
 */
import { inlinedWasm } from "./core/inlined-wasm";
import { bringWasm } from "./core/wasm-file";

bringWasm(inlinedWasm);

export * from "./index";
