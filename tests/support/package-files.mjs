// @ts-check
// The built package, as a page without a bundler loads it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./program.mjs";

/**
 * The scripts and the wasm of pkg/dist by the path they are served under, `/waymark/…`.
 *
 * @returns {Promise<Record<string, Uint8Array>>}
 */
export async function packageFiles() {
  const dist = join(ROOT, "pkg", "dist");
  const all = await readdir(dist, { recursive: true });
  const names = all.filter((name) => /\.(js|wasm)$/.test(name));
  const files = names.map(async (name) => [
    `/waymark/${name.replaceAll("\\", "/")}`,
    await readFile(join(dist, name)),
  ]);
  return Object.fromEntries(await Promise.all(files));
}
