/** The source of the core's wasm: the file beside this script, unless an entry replaces it. */

/** Gets the wasm; resolves with undefined if the core is to be loaded as JavaScript. */
type GetWasm = () => Promise<Response | undefined>;

// Bundlers look for `new URL` in exactly this form and ship the file.
let get: GetWasm = () => fetch(new URL("./waymark_bg.wasm", import.meta.url));

/** Starts getting the core's wasm. */
export const getWasm: GetWasm = () => get();

/** Makes `bring` the source of the wasm. */
export function bringWasm(bring: GetWasm): void {
  get = bring;
}
