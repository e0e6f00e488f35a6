/** The core and its glue: the chunk that is fetched when a client is loaded. */
import init, { Engine } from "../wasm/waymark.js";

export type { Engine };

let compiled: Promise<unknown> | undefined;

/**
 * Compiles the core once for all clients and starts one. `response` is the wasm, already
 * under way. A failed attempt is forgotten, so that the next one starts anew.
 */
export async function startEngine(
  settings: string,
  response: Promise<Response>,
): Promise<Engine> {
  compiled ??= response.then((wasm) => init({ module_or_path: wasm }));
  try {
    await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
  return new Engine(settings);
}
