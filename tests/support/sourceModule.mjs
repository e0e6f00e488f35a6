// @ts-check
// A module of the package's source, for tests of rules that no entry exports.
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./program.mjs";

/**
 * Bundles and imports a module.
 *
 * @param {string} path below `pkg/src`
 * @returns {Promise<any>} its exports
 */
export async function sourceModule(path) {
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [join(ROOT, "pkg", "src", path)],
    format: "esm",
    platform: "neutral",
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
