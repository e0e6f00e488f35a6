import type { Journal } from "./journal/journal";
import { LOAD_RETRY_BASE_MS, LOAD_RETRY_MAX_MS } from "./limits";
import { readPage } from "./page";
import { pageQuery } from "./page-query";
import type { Beginning, Started } from "./start";
import type { AnalyticsBrowserSettings, InitOptions } from "./types";
import { getWasm } from "./wasm-file";
import { refusesWasm } from "./wasm-refusal";

/** Fetches the client and its core side by side. */
async function attempt(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  beginning: Beginning,
  keep: (open: () => Journal) => Journal,
): Promise<Started> {
  if (options.disable === true) {
    const { startDisabled } = await import("./disabled");
    return startDisabled(settings, options);
  }
  const wasm = options.engine === "js" || refusesWasm() ? undefined : getWasm();
  wasm?.catch(() => {});
  const { start } = await import("./start");
  return start(settings, options, wasm, beginning, keep);
}

/**
 * Loads the client, as often as it takes: until then every call is held. `keep` is given the
 * journal, which is there before the core is.
 */
export async function loadAnalytics(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  keep: (open: () => Journal) => Journal,
): Promise<Started> {
  const beginning = {
    query: pageQuery(),
    nowMs: Date.now(),
    page: readPage(),
  };
  for (let delayMs = LOAD_RETRY_BASE_MS; ; delayMs *= 2) {
    try {
      return await attempt(settings, options, beginning, keep);
    } catch (error) {
      console.warn(
        "waymark: the core could not be loaded, trying again",
        error,
      );
      const waitMs = Math.min(delayMs, LOAD_RETRY_MAX_MS);
      await new Promise((done) => setTimeout(done, waitMs));
    }
  }
}
