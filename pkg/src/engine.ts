/** Compiles the core, and makes instances of it. */
import { bindCore, type Engine } from "../wasm/core.js";

export type { Engine };

let compiled: Promise<WebAssembly.Module> | undefined;

async function compileResponse(
  response: Promise<Response>,
): Promise<WebAssembly.Module> {
  const wasm = await response;
  if (!wasm.ok) throw new Error(`The core: HTTP ${wasm.status}`);
  const type = wasm.headers.get("content-type");
  // Streaming takes no other type, and not every server knows this one.
  return type === "application/wasm"
    ? WebAssembly.compileStreaming(wasm)
    : WebAssembly.compile(await wasm.arrayBuffer());
}

/**
 * Compiles the core, once for all clients, from the wasm that is under way. A failed attempt
 * is forgotten, so that the next one starts anew.
 */
export async function compile(
  response: Promise<Response>,
): Promise<WebAssembly.Module> {
  compiled ??= compileResponse(response);
  try {
    return await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
}

/** An instance of the core with one engine. `trapped` is told when one of its callbacks fails. */
export function makeEngine(
  module: WebAssembly.Module,
  settings: string,
  trapped: (error: unknown) => void,
): Engine {
  let failed = false;
  // What timers, answers and microtasks call: an error there would be the page's.
  const guarded =
    (callback: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      if (failed) return;
      try {
        return callback(...args);
      } catch (error) {
        failed = true;
        trapped(error);
      }
    };
  const { Engine, initSync } = bindCore((exports) => {
    const all: WebAssembly.Exports = { ...exports };
    for (const [name, one] of Object.entries(exports)) {
      if (name.includes("invoke") && typeof one === "function") {
        all[name] = guarded(one as () => unknown);
      }
    }
    return all;
  });
  initSync({ module });
  return new Engine(settings);
}
