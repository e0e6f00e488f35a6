import { currentScript } from "../page/current-script";

/** The address of the script-tag build, in place of `import.meta.url`: the core is beside it. */
export const scriptUrl: string = withoutCredentials(find() || location.href);

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

/** A request to an address with credentials is refused. */
function withoutCredentials(url: string): string {
  return url.replace(/(?<=^https?:\/\/)[^/?#]*@/, "");
}

/**
 * Imports a file beside this script. The address is whole, as a script of another origin without
 * `crossorigin` has `about:blank` for a base.
 */
export const importBeside = (file: string): Promise<any> =>
  import(new URL(file, scriptUrl).href);
