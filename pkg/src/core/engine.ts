/** Gets the core, as wasm or as JavaScript, and makes instances of it. */
import { bindCore, type Instance, CORE_VERSION } from "../../wasm/core.js";
import { importAgain } from "../base/import-again";
import { CORE_LATE_MS } from "../base/limits";
import type { Answer } from "./answer";
import { makeBrowser, type Browser, type OnSettled } from "./browser";
import type { Post } from "./post";
import { leaveFetch } from "./request";
import { wasmUrl } from "./wasm-file";
import { rememberRefusal } from "./wasm-refusal";

/** The core for the client: src/engine.rs, but what that answers as a rejection is thrown here. */
export interface Engine extends Omit<
  Instance,
  "answered" | "enqueue" | "pump"
> {
  /** Queues an event, and gives its number. */
  enqueue: (event: string, nowMs: number) => number;
  /** Has `listener` called with each settlement. */
  onSettled: (listener: OnSettled) => void;
}

/** The shortest module: the word for wasm, and its version. */
const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** Makes an instance of the core, which calls `browser`. */
export type Bind = (browser: Browser) => Instance;

let got: Promise<Bind> | undefined;

const importScript = importAgain(() => import("./core-script"));

async function bindScript(): Promise<Bind> {
  return (await importScript()).bindScript;
}

async function bindWasm(answer: Answer, remembers: boolean): Promise<Bind> {
  if (!answer.ok) throw new Error(`The core: HTTP ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(bytes);
    // Where a policy forbids wasm, WebKit compiles it all the same, and refuses to run it.
    new WebAssembly.Instance(new WebAssembly.Module(EMPTY));
  } catch (error) {
    // These bytes are no wasm, or not all of it.
    if (globalThis.WebAssembly && !WebAssembly.validate(bytes)) throw error;
    if (remembers) rememberRefusal();
    return bindScript();
  }
  // A cache may hold the file of another version, whose functions are others.
  const [imported] = WebAssembly.Module.imports(module);
  if (imported?.module !== CORE_VERSION)
    throw new Error("The core: wrong version");
  return (browser) => {
    const core = bindCore(browser);
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

/** An event that the core has made; what begins with no brace is the text of a rejection. */
function eventOf(answer: string): string {
  if (answer[0] !== "{") throw answer;
  return answer;
}

/**
 * Makes an instance of the core for one client, whose requests go by `post`. Calls `trapped` if one
 * of its callbacks fails; the callbacks do nothing once another engine has replaced it.
 */
export function makeEngine(
  bind: Bind,
  settings: string,
  post: Post,
  trapped: (error: unknown) => void,
  isCurrent: () => boolean,
): Engine {
  let failed = false;
  let listener: OnSettled = () => {};
  // Timers, answers and microtasks run these: an error there would be reported to the page.
  const run = (work: (core: Instance) => void) => {
    if (failed || !isCurrent()) return;
    try {
      work(core);
    } catch (error) {
      failed = true;
      trapped(error);
    }
  };
  const core = bind(makeBrowser(run, post, (...told) => listener(...told)));
  if (!core.start(settings)) {
    console.error(
      "waymark: nothing is sent: apiHost or a setting is not understood (apiHost is like api.segment.io/v1)",
    );
  }
  return {
    ...core,
    call: (text, nowMs) => eventOf(core.call(text, nowMs)),
    build: (text, nowMs) => eventOf(core.build(text, nowMs)),
    enqueue: (event, nowMs) => {
      const rejection = core.enqueue(event, nowMs);
      if (rejection) throw rejection;
      return core.lastSeq();
    },
    onSettled: (heard) => (listener = heard),
  };
}
