// @ts-check
// What a page pays for, in bytes, raw and as brotli at its best (quality 11), against the caps.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const PKG = join(import.meta.dirname, "..", "pkg");
/** Brotli bytes each part may have, by its name in the table. */
const CAPS = JSON.parse(
  await readFile(join(import.meta.dirname, "size-caps.json"), "utf8"),
);

/** @typedef {{ imports: { path: string, kind: string }[], entryPoint?: string }} Output */
/** @type {Record<string, Output>} esbuild's outputs, by path relative to pkg */
const outputs = JSON.parse(
  await readFile(join(PKG, "wasm", "meta.json"), "utf8"),
);

/**
 * The scripts loaded for an entry: itself, and what is imported by those, statically or not.
 *
 * @param {string} path
 * @param {(output: Output["imports"][number]) => boolean} follows
 * @param {Set<string>} [seen]
 */
function reached(path, follows, seen = new Set()) {
  if (seen.has(path) || !outputs[path]) return seen;
  seen.add(path);
  for (const used of outputs[path].imports) {
    if (follows(used)) reached(used.path, follows, seen);
  }
  return seen;
}

/** @param {Iterable<string>} paths */
async function weigh(paths) {
  let raw = 0;
  let brotli = 0;
  for (const path of paths) {
    const bytes = await readFile(join(PKG, path));
    raw += bytes.length;
    brotli += brotliCompressSync(bytes).length;
  }
  return { raw, brotli };
}

const isStatic = (/** @type {{ kind: string }} */ used) =>
  used.kind === "import-statement";
/** Chunks that a page fetches before its first event, beside the entry: the glue of the wasm. */
const GLUE = /\/(waymark|core|engine|shell)-[A-Z0-9]+\.js$/i;
const WASM = "dist/waymark_bg.wasm";

/** @type {[string, Iterable<string>][]} */
const parts = [];
for (const path of Object.keys(outputs)) {
  // Entries have no hash in their name; what several share is counted with each of them.
  const name = /^dist\/(.*?)(-[A-Z0-9]{8})?\.js$/.exec(path);
  if (!name) continue;
  if (!name[2]) parts.push([`${name[1]}.js`, reached(path, isStatic)]);
  else if (name[1] !== "chunk") parts.push([`${name[1]} chunk`, [path]]);
}
parts.push(["waymark_bg.wasm", [WASM]]);
const first = reached(
  "dist/index.js",
  (used) => isStatic(used) || GLUE.test(used.path),
);
parts.push(["before the first event", [...first, WASM]]);

let over = false;
const cell = (/** @type {unknown} */ value) => String(value).padStart(9);
console.log(`${"".padEnd(24)}${cell("raw")}${cell("brotli")}${cell("cap")}`);
for (const [name, paths] of parts) {
  const { raw, brotli } = await weigh(paths);
  const cap = CAPS[name];
  const verdict =
    cap === undefined ? "  has no cap" : brotli > cap ? "  OVER" : "";
  over ||= verdict !== "";
  console.log(
    `${name.padEnd(24)}${cell(raw)}${cell(brotli)}${cell(cap ?? "-")}${verdict}`,
  );
}
console.log(`loaded before the first event: ${[...first, WASM].join(", ")}`);
process.exitCode = over ? 1 : 0;
