import { VERSION } from "../base/version";

const KEY = "waymark:engine";

/**
 * Remembers that this page refuses to compile wasm, for this version: trying costs a page with a
 * strict policy a report each time.
 */
export function rememberRefusal(): void {
  try {
    localStorage.setItem(KEY, VERSION);
  } catch {
    // It is tried, and refused, again.
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
