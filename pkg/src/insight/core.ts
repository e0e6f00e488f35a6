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

/** Gets the module: as wasm or, where the page refuses to compile that, as JavaScript. */
export async function openCore(): Promise<Core> {
  // `new URL` in this form is what bundlers look for to ship the file.
  const wasm = await fetch(
    new URL("./waymark_insight_bg.wasm", import.meta.url),
  );
  if (!wasm.ok) throw new Error(`The module: HTTP ${wasm.status}`);
  try {
    await init({ module_or_path: wasm });
  } catch (error) {
    // Cut off on its way; what a policy or a browser refuses came whole.
    if (error instanceof TypeError) throw error;
    return new (await import("./module-script")).Impressions();
  }
  return new Impressions();
}
