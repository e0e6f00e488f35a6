import type { Engine } from "./engine";
import { LOAD_RETRY_BASE_MS, LOAD_RETRY_MAX_MS } from "./limits";

/** Fetches the core and its glue side by side. */
async function attempt(settings: string): Promise<Engine> {
  // `new URL` in this form is what bundlers look for to ship the file.
  const wasm = fetch(new URL("./waymark_bg.wasm", import.meta.url));
  wasm.catch(() => {});
  const { startEngine } = await import("./engine");
  return startEngine(settings, wasm);
}

/** Starts the core, as often as it takes: until then every call is held. */
export async function loadEngine(settings: string): Promise<Engine> {
  for (let delayMs = LOAD_RETRY_BASE_MS; ; delayMs *= 2) {
    try {
      return await attempt(settings);
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
