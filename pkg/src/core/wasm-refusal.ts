import { VERSION } from "../base/version";

const KEY = "waymark:engine";

/**
 * Remembers, for this version, that the page refuses to compile wasm: each try would send a report
 * if the page has a strict policy.
 */
export function rememberRefusal(): void {
  try {
    localStorage.setItem(KEY, VERSION);
  } catch {
    // Without storage, each page tries again.
  }
}

/** Whether this page is known to refuse wasm. */
export function refusesWasm(): boolean {
  try {
    return localStorage.getItem(KEY) === VERSION;
  } catch {
    return false;
  }
}
