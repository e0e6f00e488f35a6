// @ts-check
// The package as npm would publish it, installed into a folder outside of the repository.
import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./program.mjs";

const run = promisify(execFile);

/**
 * Packs the built package.
 *
 * @param {string} folder where the tarball goes
 * @returns {Promise<string>} the tarball's path
 */
export async function packPackage(folder) {
  const args = ["pack", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: join(ROOT, "pkg") });
  const [{ filename }] = JSON.parse(stdout);
  return join(folder, filename);
}

/**
 * Unpacks a tarball as the package `waymark` into a folder `node_modules`.
 *
 * @param {string} tarball
 * @param {string} modules
 */
export async function unpackPackage(tarball, modules) {
  const folder = dirname(tarball);
  await run("tar", ["-xzf", tarball], { cwd: folder });
  const target = join(modules, "waymark");
  await rm(target, { recursive: true, force: true });
  await rename(join(folder, "package"), target);
}

/**
 * Makes a folder `node_modules` with the packed package, and links to all others of the workspace.
 *
 * @param {string} modules must not exist yet
 * @returns {Promise<string>} the path of the tarball, beside it
 */
export async function installPacked(modules) {
  await mkdir(modules);
  const others = await readdir(join(ROOT, "node_modules"));
  for (const name of others.filter((one) => one !== "waymark")) {
    await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  const tarball = await packPackage(dirname(modules));
  await unpackPackage(tarball, modules);
  return tarball;
}
