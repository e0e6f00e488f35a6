// @ts-check
// Makes of TypeScript's declarations those that the package ships. They are written once, as
// CommonJS (`.d.cts`), with the extensions that Node.js's resolution asks for; what `import` finds
// (`.d.ts`) hands them on, so that a class is the same type however it was reached. What no entry
// reaches is left out.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const PKG = join(import.meta.dirname, "..", "pkg");
const DIST = join(PKG, "dist");
/**
 * A comment, which may show an import of a shop's own file, or the module of an import, an export or
 * an import type; the sources write none with extension.
 */
const MODULE = /\/\*.*?\*\/|((?:from|import)\s*\(?\s*)"(\.{1,2}\/[^"]+?)"/gs;

const { exports: entries } = JSON.parse(
  await readFile(join(PKG, "package.json"), "utf8"),
);
/** @type {Map<string, string>} the declarations that are reached, by their path without extension */
const reached = new Map();

/** @param {string} path without extension */
async function reach(path) {
  if (reached.has(path)) return;
  /** @type {string[]} */
  const others = [];
  const text = await readFile(`${path}.d.ts`, "utf8");
  const found = text.replace(MODULE, (all, before, other) => {
    if (!other) return all;
    others.push(other);
    return `${before}"${other}.cjs"`;
  });
  reached.set(path, found);
  for (const other of others) await reach(join(dirname(path), other));
}

/** @type {string[]} */
const wrappers = [];
for (const target of Object.values(entries)) {
  const types = target.import?.types;
  if (!types) continue;
  const path = join(PKG, types.slice(0, -".d.ts".length));
  wrappers.push(path);
  await reach(path);
}
for (const name of await readdir(DIST, { recursive: true })) {
  if (name.endsWith(".d.ts")) await rm(join(DIST, name));
}
for (const [path, text] of reached) await writeFile(`${path}.d.cts`, text);
for (const path of wrappers) {
  await writeFile(`${path}.d.ts`, `export * from "./${basename(path)}.cjs";\n`);
}
