/**
 * What the SDK does in its own way, as pages replace the language's: a function of the language
 * that old libraries or polyfills change is used here only, or not at all.
 */

/** Runs `task` in a microtask: `await` needs neither `queueMicrotask` nor the page's `Promise`. */
export async function inMicrotask(task: () => void): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/await-thenable -- only to wait for a microtask
  await 0;
  task();
}

/** Logs a warning, if the page's console can. */
export function warn(...said: unknown[]): void {
  globalThis.console?.warn?.("waymark:", ...said);
}
