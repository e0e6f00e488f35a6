/** The second wasm module, fetched when an element is first observed. */
import { request } from "../core/request";
import { isSimulated } from "../page/simulated";
import init, { Impressions } from "../../wasm/waymark_insight.js";

/** The methods of the module that are used; see `crates/waymark-insight-web`. */
export interface Core {
  watch(
    threshold: number,
    dwellMs: number,
    flags: number,
    list: number,
    product: number,
  ): number;
  unwatch(id: number): void;
  openList(): number;
  closeList(list: number): void;
  see(id: number, ofElement: number, ofViewport: number, atMs: number): void;
  setPaused(paused: boolean, atMs: number): void;
  turn(atMs: number): void;
  next(nowMs: number): number;
  nextList(nowMs: number): number;
  takeProduct(): number;
  dueMs(): number;
}

/** Loads the module: as wasm or, if that is not to be had here, as JavaScript. */
export async function openCore(): Promise<Core> {
  // Bundlers look for `new URL` in exactly this form to ship the file.
  const { href } = new URL("./waymark_insight_bg.wasm", import.meta.url);
  try {
    if (isSimulated()) throw new TypeError("There is no network");
    const wasm = await request(href);
    await init({ module_or_path: await wasm.arrayBuffer() });
  } catch {
    // A policy, the browser, or what is between it and the file.
    return new (await import("./module-script")).Impressions();
  }
  return new Impressions();
}
