import { LOAD_RETRY_BASE_MS, LOAD_RETRY_MAX_MS } from "./limits";
import { readPage } from "./page";
import { pageQuery } from "./page-query";
import type { Beginning, Permit, Started } from "./start";
import type { AnalyticsBrowserSettings, InitOptions } from "./types";
import { getWasm } from "./wasm-file";
import { refusesWasm } from "./wasm-refusal";

/** Fetches the client and its core side by side. */
async function attempt(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  beginning: Beginning,
  permit: Permit,
): Promise<Started | undefined> {
  if (options.disable === true) {
    const { startDisabled } = await import("./disabled");
    return startDisabled(settings, options);
  }
  const wasm = options.engine === "js" || refusesWasm() ? undefined : getWasm();
  wasm?.catch(() => {});
  const { start } = await import("./start");
  return start(settings, options, wasm, beginning, permit);
}

/**
 * Loads the client, as often as it takes: until then every call is held. Gives none where consent
 * was taken back meanwhile.
 */
export async function loadAnalytics(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  permit: Permit,
): Promise<Started | undefined> {
  const beginning = {
    query: pageQuery(),
    nowMs: Date.now(),
    page: readPage(),
  };
  for (let delayMs = LOAD_RETRY_BASE_MS; ; delayMs *= 2) {
    try {
      return await attempt(settings, options, beginning, permit);
    } catch (error) {
      console.warn(
        "waymark: the core could not be loaded, trying again",
        error,
      );
      const waitMs = Math.min(delayMs, LOAD_RETRY_MAX_MS);
      await new Promise((done) => setTimeout(done, waitMs));
      if (!permit.isGranted()) return undefined;
    }
  }
}
