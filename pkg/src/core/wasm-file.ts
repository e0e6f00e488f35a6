/** The source of the core's wasm: the file beside this script, unless an entry replaces it. */
import { withoutCredentials } from "./address";
import type { Answer } from "./answer";

/** Gets the wasm; resolves with undefined if the core is to be loaded as JavaScript. */
type GetWasm = () => Promise<Answer | undefined>;

/** The wasm's address, in exactly the form that bundlers look for to ship the file. */
export const wasmUrl = (): string =>
  withoutCredentials(`${new URL("./waymark_bg.wasm", import.meta.url)}`);

// Code that wraps `fetch` may look for members of `headers` without looking for it.
let get: GetWasm = async () => fetch(wasmUrl(), { headers: {} });

/** Starts getting the core's wasm. */
export const getWasm: GetWasm = () => get();

/** Makes `bring` the source of the wasm. */
export function bringWasm(bring: GetWasm): void {
  get = bring;
}
