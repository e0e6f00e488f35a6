import { currentScript } from "../page/current-script";

/** The address of the script-tag build, in place of `import.meta.url`: the core is beside it. */
export const scriptUrl: string = find() || location.href;

function find(): string | undefined {
  if (typeof document !== "undefined") {
    return currentScript()?.src;
  }
  // In a worker, only a stack trace has the address of an imported script.
  return /https?:.+?(?=:\d+:\d+)/.exec(new Error().stack ?? "")?.[0];
}
