/** Gets the core, as wasm or as JavaScript, and makes instances of it. */
import { bindCore, type Engine } from "../../wasm/core.js";
import { CORE_LATE_MS } from "../base/limits";
import type { Answer } from "./answer";
import { leaveFetch } from "./request";
import { wasmUrl } from "./wasm-file";
import { rememberRefusal } from "./wasm-refusal";

export type { Engine };

type Exports = WebAssembly.Exports;

/** Makes an instance of the core; `guard` wraps its exports. */
export type Bind = (guard: (exports: Exports) => Exports) => Engine;

let got: Promise<Bind> | undefined;

async function bindScript(): Promise<Bind> {
  return (await import("./core-script")).bindScript;
}

async function bindWasm(answer: Answer, remembers: boolean): Promise<Bind> {
  if (!answer.ok) throw new Error(`The core: HTTP ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (error) {
    // These bytes are no wasm, or not all of it.
    if (globalThis.WebAssembly && !WebAssembly.validate(bytes)) throw error;
    if (remembers) rememberRefusal();
    return bindScript();
  }
  return (guard) => {
    const core = bindCore(guard);
    core.initSync({ module });
    return core;
  };
}

/** The result of the first way that succeeds; the next begins when one fails or is late. */
function firstOf<T>([way, ...others]: (() => Promise<T>)[]): Promise<T> {
  const trying = way!();
  if (others.length === 0) return trying;
  return new Promise((resolve, reject) => {
    let rest: Promise<T> | undefined;
    const goOn = () => (rest ??= firstOf(others));
    const late = setTimeout(() => goOn().then(resolve, () => {}), CORE_LATE_MS);
    trying.then(
      (got) => {
        clearTimeout(late);
        resolve(got);
      },
      () => {
        clearTimeout(late);
        goOn().then(resolve, reject);
      },
    );
  });
}

function get(
  wasm: Promise<Answer | undefined> | undefined,
  remembers: boolean,
): Promise<Bind> {
  if (!wasm) return bindScript();
  let isPending = true;
  const asFetched = async () => {
    try {
      const answer = await wasm;
      return await (answer ? bindWasm(answer, remembers) : bindScript());
    } finally {
      isPending = false;
    }
  };
  const again = async () => {
    const { byXhr } = await import("./other-ways");
    const bound = await bindWasm(await byXhr(wasmUrl()), remembers);
    if (isPending) leaveFetch();
    return bound;
  };
  return firstOf([asFetched, again, bindScript]);
}

/**
 * Gets the core, once for all clients: as wasm from `wasm`, else by XMLHttpRequest, else as
 * JavaScript, which is also what a page gets that refuses to compile wasm or has no `wasm`.
 * `remembers` says whether a refusal may be stored. After a failed attempt the next call tries
 * again.
 */
export async function getCore(
  wasm: Promise<Answer | undefined> | undefined,
  remembers: boolean,
): Promise<Bind> {
  got ??= get(wasm, remembers);
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
    for (const name in all) {
      const one = all[name];
      if (name.includes("invoke") && typeof one === "function") {
        all[name] = guarded(one as () => unknown);
      }
    }
    return all;
  });
  if (!engine.start(settings)) {
    console.error(
      "waymark: nothing is sent: apiHost or a setting is not understood (apiHost is like api.segment.io/v1)",
    );
  }
  return engine;
}
