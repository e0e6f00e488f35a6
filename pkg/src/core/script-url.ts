import { currentScript } from "../page/current-script";
import { withoutCredentials } from "./address";

/** The address of the script-tag build, in place of `import.meta.url`: the core is beside it. */
const scriptUrl: string = withoutCredentials(find() || location.href);

/**
 * A stack trace has the script's address also in a worker, and no markup changes it, as a `base`
 * changes what the element says.
 */
function find(): string | undefined {
  return (
    /https?:.+?(?=:\d+:\d+)/.exec(new Error().stack ?? "")?.[0] ??
    (globalThis.document && currentScript()?.src)
  );
}

/** The address of a file beside this script; the page may have another `URL`. */
export const addressBeside = (file: string): string =>
  scriptUrl.replace(/[^/?#]*([?#].*)?$/, file);

/**
 * Imports a file beside this script. The address is whole, as a script of another origin without
 * `crossorigin` has `about:blank` for a base.
 */
export const importBeside = (file: string): Promise<any> =>
  import(addressBeside(file));
