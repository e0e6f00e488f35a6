/** The core's glue. */
import init, { Engine } from "../wasm/waymark.js";

export { Engine };

let compiled: Promise<unknown> | undefined;

/**
 * Compiles the core, once for all clients, from the wasm that is under way. A failed attempt
 * is forgotten, so that the next one starts anew.
 */
export async function compile(response: Promise<Response>): Promise<void> {
  compiled ??= response.then((wasm) => init({ module_or_path: wasm }));
  try {
    await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
}
