// @ts-check
// A module of the package's source, for tests of rules that no entry exports.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./program.mjs";

const SOURCE = join(ROOT, "pkg", "src");

/**
 * Bundles and imports a module.
 *
 * @param {string} name the end of its path below `pkg/src`, such as `stable-hash.ts`: a module
 *   may move from folder to folder
 * @returns {Promise<any>} its exports
 * @throws {Error} unless exactly one module has that name
 */
export async function sourceModule(name) {
  const all = await readdir(SOURCE, { recursive: true });
  const found = all.filter((path) => `/${path}`.endsWith(`/${name}`));
  if (found.length !== 1) {
    throw new Error(`${found.length} modules of pkg/src are named ${name}`);
  }
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [join(SOURCE, found[0] ?? "")],
    format: "esm",
    platform: "neutral",
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
