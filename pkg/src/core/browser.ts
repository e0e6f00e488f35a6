/** The browser, as the core needs it. */
import type { Instance } from "../../wasm/core.js";
import { cookies, setCookie } from "../base/cookies";
import { inMicrotask } from "../base/platform";
import { randomId } from "../base/random-id";
import type { Post } from "./post";
import { setTimer } from "./timer";

/** Called with each settlement; see `settled` in src/browser.rs. */
export type OnSettled = (
  seqs: Uint32Array,
  fate: string,
  status: number,
) => void;

/** The functions that an instance of the core calls, as src/browser.rs declares them. None throws. */
export interface Browser {
  nowMs: () => number;
  random: () => number;
  uuid: () => string;
  pumpSoon: () => void;
  pumpAfter: (delayMs: number) => void;
  post: (
    request: number,
    url: string,
    body: string,
    keepalive: boolean,
    detour: boolean,
  ) => boolean;
  beacon: (url: string, body: string) => boolean;
  isOnline: () => boolean;
  settled: OnSettled;
  hasLocalStorage: () => boolean;
  localItem: (name: string, isJson: boolean) => string | null;
  setLocalItem: (name: string, value: string | undefined) => void;
  cookies: () => string;
  setCookie: (assignment: string) => void;
}

/** What `work` gives, or `otherwise` where the browser or the page forbids it. */
function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** A number from 0 to below 1; waits are spread by it, so it must be one. */
function random(): number {
  const drawn = attempt(() => Math.random(), NaN);
  return drawn >= 0 && drawn < 1 ? drawn : 0.5;
}

/**
 * The browser for one instance of the core. `run` calls back into the instance, `post` sends its
 * requests, `onSettled` hears its settlements.
 */
export function makeBrowser(
  run: (work: (core: Instance) => void) => void,
  post: Post,
  onSettled: OnSettled,
): Browser {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pump = () => run((core) => core.pump());
  return {
    nowMs: () => +new Date(),
    random,
    uuid: randomId,
    pumpSoon: () => void inMicrotask(pump),
    pumpAfter(delayMs) {
      clearTimeout(timer);
      timer = setTimer(pump, Math.ceil(delayMs));
    },
    post: (request, url, body, keepalive, detour) =>
      post(url, body, keepalive, detour, (...end) =>
        run((core) => core.answered(request, ...end)),
      ),
    beacon: (url, body) =>
      attempt(() => navigator.sendBeacon(url, body), false),
    isOnline: () => attempt(() => navigator.onLine, true) !== false,
    // Copied: the numbers are in the core's memory, and the listener may call the core.
    settled: (seqs, fate, status) =>
      attempt(() => onSettled(seqs.slice(), fate, status), undefined),
    hasLocalStorage: () => attempt(() => !!localStorage, false),
    localItem: (name, isJson) =>
      attempt(() => {
        const text = localStorage.getItem(name);
        if (isJson) JSON.parse(text!);
        return text;
      }, null),
    setLocalItem: (name, value) =>
      attempt(
        () =>
          value === undefined
            ? localStorage.removeItem(name)
            : localStorage.setItem(name, value),
        undefined,
      ),
    cookies: () => attempt(cookies, ""),
    setCookie: (assignment) => attempt(() => setCookie(assignment), undefined),
  };
}
