/** Gets the core, as wasm or as JavaScript, and makes instances of it. */
import { bindCore, type Engine } from "../../wasm/core.js";
import { rememberRefusal } from "./wasm-refusal";

export type { Engine };

type Exports = WebAssembly.Exports;

/** Makes an instance of the core; `guard` wraps its exports. */
export type Bind = (guard: (exports: Exports) => Exports) => Engine;

let got: Promise<Bind> | undefined;

async function bindWasm(wasm: Response): Promise<Bind> {
  const type = wasm.headers.get("content-type");
  // Streaming requires this type, and not every server sends it.
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
      // A broken download is retried; anything else is a refusal by a policy or the browser.
      if (error instanceof TypeError) throw error;
      if (remembers) rememberRefusal();
    }
  }
  const { bindScript } = await import("./core-script");
  return bindScript;
}

/**
 * Gets the core, once for all clients: as wasm from `response`, or as JavaScript if there is no
 * response or the page refuses to compile wasm. `remembers` says whether a refusal may be stored.
 * After a failed attempt the next call tries again.
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
 * Makes an instance of the core for one client. Calls `trapped` if one of its callbacks fails; the
 * callbacks do nothing once another engine has replaced it.
 */
export function makeEngine(
  bind: Bind,
  settings: string,
  trapped: (error: unknown) => void,
  isCurrent: () => boolean,
): Engine {
  let failed = false;
  // Timers, responses and microtasks run these: an error there would be reported to the page.
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
