/** Where the core's wasm comes from: the file beside this script, unless an entry brings it. */

/** Gets the wasm; nothing where the core is to come as JavaScript. */
type GetWasm = () => Promise<Response | undefined>;

// `new URL` in this form is what bundlers look for to ship the file.
let get: GetWasm = () => fetch(new URL("./waymark_bg.wasm", import.meta.url));

/** Starts to get the core's wasm. */
export const getWasm: GetWasm = () => get();

/** From now on `bring` is asked for the wasm. */
export function bringWasm(bring: GetWasm): void {
  get = bring;
}
