import { LOAD_RETRY_BASE_MS, LOAD_RETRY_MAX_MS } from "../base/limits";
import { importAgain } from "../base/import-again";
import { sleep, warn } from "../base/platform";
import type { Beginning, Permit, Started } from "../client/started";
import { getWasm } from "../core/wasm-file";
import { refusesWasm } from "../core/wasm-refusal";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import { readPage } from "../page/page";
import { pageQuery } from "../page/page-query";
import { isSimulated } from "../page/simulated";

const importClient = importAgain(() => import("../client/start"));

/** Fetches the client and its core side by side. */
async function attempt(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  beginning: Beginning,
  permit: Permit,
): Promise<Started | undefined> {
  if ((options.disable ?? isSimulated()) === true) {
    const { startDisabled } = await import("../client/disabled");
    return startDisabled(settings, options);
  }
  const wasm = options.engine === "js" || refusesWasm() ? undefined : getWasm();
  wasm?.catch(() => {});
  const { start } = await importClient();
  return start(settings, options, wasm, beginning, permit);
}

/**
 * Fetches the client and retries until that succeeds; calls are held meanwhile. Resolves with
 * undefined if consent was withdrawn in between.
 */
export async function fetchClient(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  permit: Permit,
): Promise<Started | undefined> {
  const beginning = {
    query: pageQuery(),
    nowMs: +new Date(),
    page: readPage(),
  };
  for (let delayMs = LOAD_RETRY_BASE_MS; ; delayMs *= 2) {
    try {
      return await attempt(settings, options, beginning, permit);
    } catch (error) {
      warn("the core could not be loaded, trying again", error);
      await sleep(Math.min(delayMs, LOAD_RETRY_MAX_MS));
      if (!permit.isGranted()) return undefined;
    }
  }
}
