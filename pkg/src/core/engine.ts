/** Gets the core, as wasm or as JavaScript, and makes instances of it. */
import { bindCore, type Engine } from "../../wasm/core.js";
import { rememberRefusal } from "./wasm-refusal";

export type { Engine };

type Exports = WebAssembly.Exports;

/** Makes an instance of the core, whose exports pass `guard`. */
export type Bind = (guard: (exports: Exports) => Exports) => Engine;

let got: Promise<Bind> | undefined;

async function bindWasm(wasm: Response): Promise<Bind> {
  const type = wasm.headers.get("content-type");
  // Streaming takes no other type, and not every server knows this one.
  const module = await (type === "application/wasm"
    ? WebAssembly.compileStreaming(wasm)
    : WebAssembly.compile(await wasm.arrayBuffer()));
  return (guard) => {
    const core = bindCore(guard);
    core.initSync({ module });
    return core;
  };
}

async function get(
  response: Promise<Response | undefined> | undefined,
  remembers: boolean,
): Promise<Bind> {
  const wasm = await response;
  if (wasm) {
    if (!wasm.ok) throw new Error(`The core: HTTP ${wasm.status}`);
    try {
      return await bindWasm(wasm);
    } catch (error) {
      // Cut off on its way; what a policy or a browser refuses came whole.
      if (error instanceof TypeError) throw error;
      if (remembers) rememberRefusal();
    }
  }
  const { bindScript } = await import("./core-script");
  return bindScript;
}

/**
 * Gets the core, once for all clients: the wasm that is under way, or, where there is none or the
 * page refuses to compile it, the same as JavaScript. `remembers` says whether a refusal may be
 * stored. A failed attempt is forgotten, so that the next one starts anew.
 */
export async function getCore(
  response: Promise<Response | undefined> | undefined,
  remembers: boolean,
): Promise<Bind> {
  got ??= get(response, remembers);
  try {
    return await got;
  } catch (error) {
    got = undefined;
    throw error;
  }
}

/**
 * An instance of the core, which is one client. `trapped` is told when one of its callbacks fails; they
 * do nothing once another engine has its place.
 */
export function makeEngine(
  bind: Bind,
  settings: string,
  trapped: (error: unknown) => void,
  isCurrent: () => boolean,
): Engine {
  let failed = false;
  // What timers, answers and microtasks call: an error there would be the page's.
  const guarded =
    (callback: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      if (failed || !isCurrent()) return;
      try {
        return callback(...args);
      } catch (error) {
        failed = true;
        trapped(error);
      }
    };
  const engine = bind((exports) => {
    const all: Exports = { ...exports };
    for (const [name, one] of Object.entries(exports)) {
      if (name.includes("invoke") && typeof one === "function") {
        all[name] = guarded(one as () => unknown);
      }
    }
    return all;
  });
  engine.start(settings);
  return engine;
}
