// @ts-check
// What a page pays for, in bytes, raw and as brotli at its best (quality 11), against the caps:
// a page that imports `AnalyticsBrowser`, bundled with what of the index it does not use left out,
// as Rollup and webpack do.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const PKG = join(import.meta.dirname, "..", "pkg");
/** Brotli bytes each part may have, by its name in the table. */
const CAPS = JSON.parse(
  await readFile(join(import.meta.dirname, "size-caps.json"), "utf8"),
);

/** @type {{ metafile: true, write: false } & import("esbuild").BuildOptions} */
const AS_A_SHOP = {
  bundle: true,
  chunkNames: "[name]-[hash]",
  charset: "utf8",
  format: "esm",
  logLevel: "error",
  metafile: true,
  minify: true,
  outdir: "out",
  splitting: true,
  target: "es2022",
  write: false,
};

const { metafile, outputFiles } = await build({
  ...AS_A_SHOP,
  stdin: {
    contents: `export { AnalyticsBrowser } from "./dist/analytics-browser.js";`,
    resolveDir: PKG,
    sourcefile: "page.js",
  },
});

/** @type {Record<string, Uint8Array>} */
const contents = {};
for (const { path, contents: bytes } of outputFiles) {
  contents[basename(path)] = bytes;
}
/** @type {Record<string, { path: string, kind: string }[]>} what each script imports, by name */
const imports = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  imports[basename(path)] = output.imports.map((used) => ({
    ...used,
    path: basename(used.path),
  }));
}

const HASH = /(?<=-)[A-Z0-9]{8}(?=[-.])/g;

/**
 * Gives the chunks' hashes, which a build of the core changes for all, the same values each time:
 * else brotli's count moves by a dozen bytes.
 *
 * @param {string} first where to begin
 */
function settleHashes(first) {
  /** @type {Map<string, string>} */
  const settled = new Map();
  const settle = (/** @type {string} */ hash) => {
    const known = settled.get(hash);
    if (known) return known;
    const digest = createHash("sha256").update(String(settled.size));
    const number = BigInt(`0x${digest.digest("hex")}`);
    const made = number.toString(36).slice(0, 8).toUpperCase();
    settled.set(hash, made);
    return made;
  };
  const names = new Set([first]);
  for (const name of names) {
    const text = new TextDecoder().decode(contents[name]);
    contents[name] = new TextEncoder().encode(text.replace(HASH, settle));
    for (const { path } of imports[name] ?? []) names.add(path);
  }
}
settleHashes("stdin.js");

/**
 * A script and all it imports statically.
 *
 * @param {string} name
 * @param {Set<string>} [seen]
 */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of imports[name] ?? []) {
    if (kind === "import-statement") withImports(path, seen);
  }
  return seen;
}

/** @param {Iterable<string>} names */
function weigh(names) {
  let raw = 0;
  let brotli = 0;
  for (const name of names) {
    const bytes = contents[name] ?? new Uint8Array();
    raw += bytes.length;
    brotli += brotliCompressSync(bytes).length;
  }
  return { raw, brotli };
}

const PAGE = "stdin.js";
const WASM = "waymark_bg.wasm";
contents[WASM] = await readFile(join(PKG, "dist", WASM));

const page = withImports(PAGE);
/** @type {Record<string, Set<string>>} every chunk that is fetched when it is used, by its name */
const chunks = {};
for (const { path, kind } of Object.values(imports).flat()) {
  if (kind !== "dynamic-import") continue;
  const name = path.replace(/(-[A-Z0-9]{8})+(?=\.js$)/, "");
  const own = [...withImports(path)].filter((one) => !page.has(one));
  chunks[name] = new Set(own);
}
const client = chunks["start.js"] ?? new Set();

/** @type {[string, Iterable<string>][]} */
const parts = [
  ["the page's script", page],
  ["the client", client],
  ["the core (wasm)", [WASM]],
  ["before the first event", [...page, ...client, WASM]],
];
for (const [name, all] of Object.entries(chunks)) {
  if (name === "start.js") continue;
  const own = [...all].filter((one) => !client.has(one));
  parts.push([`on use: ${name.replace(/\.js$/, "")}`, own]);
}
/** Entries whose cost is what they add to a page that has the client; React is not counted. */
const ADDED = {
  "waymark/impressions": "impressions.js",
  "waymark/react": "react/index.js",
  "waymark/ecommerce": "ecommerce/index.js",
  "waymark/vitals": "vitals.js",
  "waymark/redaction": "redaction/index.js",
  "waymark/attribution": "attribution/index.js",
  "waymark/sampling": "sampling.js",
  "waymark/experiments": "experiments/index.js",
  "waymark/consent": "consent/index.js",
  "waymark/inline": "inline.js",
  "waymark/inspector": "inspector/index.js",
  "on use: inspector's panel": "inspector/panel.js",
};
const INSIGHT = "waymark_insight_bg.wasm";
contents[INSIGHT] = await readFile(join(PKG, "dist", INSIGHT));
parts.push(["on use: impressions (wasm)", [INSIGHT]]);
for (const [name, entry] of Object.entries(ADDED)) {
  const own = await addedBy(join(PKG, "dist", entry));
  contents[name] = own;
  parts.push([name, [name]]);
}

/**
 * The script of an entry without what it shares with the page's script and the chunks fetched
 * on use.
 *
 * @param {string} entry
 */
async function addedBy(entry) {
  const { outputFiles } = await build({
    ...AS_A_SHOP,
    entryPoints: {
      page: join(PKG, "dist", "analytics-browser.js"),
      added: entry,
    },
    external: ["web-vitals", "react"],
  });
  const own = outputFiles.find(({ path }) => basename(path) === "added.js");
  if (!own) throw new Error(`nothing was built of ${entry}`);
  return own.contents;
}

contents["waymark.iife.js"] = await readFile(
  join(PKG, "dist", "waymark.iife.js"),
).catch(() => new Uint8Array());
if (contents["waymark.iife.js"].length > 0) {
  parts.push(["script-tag build", ["waymark.iife.js"]]);
}

let over = false;
const cell = (/** @type {unknown} */ value) => String(value).padStart(9);
console.log(`${"".padEnd(26)}${cell("raw")}${cell("brotli")}${cell("cap")}`);
for (const [name, names] of parts) {
  const { raw, brotli } = weigh(names);
  const cap = CAPS[name];
  const verdict =
    cap === undefined ? "  has no cap" : brotli > cap ? "  OVER" : "";
  over ||= verdict !== "";
  console.log(
    `${name.padEnd(26)}${cell(raw)}${cell(brotli)}${cell(cap ?? "-")}${verdict}`,
  );
}
process.exitCode = over ? 1 : 0;
