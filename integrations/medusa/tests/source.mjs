// @ts-check
// Modules of the plugin's source that need no Medusa, for tests of their rules.
import { join } from "node:path";
import { build } from "esbuild";

const SOURCE = join(import.meta.dirname, "..", "src");

/**
 * Bundles and imports a module.
 *
 * @param {string} path below `src`
 * @returns {Promise<any>} its exports
 */
export async function source(path) {
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [join(SOURCE, path)],
    format: "esm",
    platform: "node",
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
