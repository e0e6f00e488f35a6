/** The second wasm module: fetched when something is observed for the first time. */
import init, { Impressions } from "../../wasm/waymark_insight.js";

/** What of the module is used; see `crates/waymark-insight-web`. */
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

/** Fetches and compiles the module. @throws `CompileError` where the page's policy refuses it */
export async function openCore(): Promise<Core> {
  // `new URL` in this form is what bundlers look for to ship the file.
  const wasm = fetch(new URL("./waymark_insight_bg.wasm", import.meta.url));
  await init({ module_or_path: wasm });
  return new Impressions();
}
