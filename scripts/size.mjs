// @ts-check
// What a page pays for, in bytes, raw and as brotli at its best (quality 11), against the caps:
// a page that imports `AnalyticsBrowser`, bundled by Rolldown, as Vite does.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { rolldown } from "rolldown";

const PKG = join(import.meta.dirname, "..", "pkg");
/** Brotli bytes each part may have, by its name in the table. */
const CAPS = JSON.parse(
  await readFile(join(import.meta.dirname, "size-caps.json"), "utf8"),
);

/** The page of a shop, which is no file. @type {import("rolldown").Plugin} */
const page = {
  name: "page",
  resolveId: (id) => (id === "page.js" ? join(PKG, id) : undefined),
  load: (id) =>
    basename(id) === "page.js"
      ? 'import { AnalyticsBrowser } from "./dist/analytics-browser.js"; AnalyticsBrowser.load({ writeKey: "key" });'
      : undefined,
};
const bundle = await rolldown({
  input: "page.js",
  plugins: [page],
  treeshake: { moduleSideEffects: false },
});
const { output } = await bundle.generate({
  chunkFileNames: "[name].js", // Without a hash, which compresses by chance.
  minify: true,
});

/** @type {Record<string, Uint8Array>} */
const contents = {};
/** @type {Record<string, { static: string[], dynamic: string[] }>} what each script imports */
const imports = {};
for (const chunk of output) {
  if (chunk.type !== "chunk") continue;
  contents[chunk.fileName] = new TextEncoder().encode(chunk.code);
  imports[chunk.fileName] = {
    static: chunk.imports,
    dynamic: chunk.dynamicImports,
  };
}

/**
 * A script and all it imports statically.
 *
 * @param {string} name
 * @param {Set<string>} [seen]
 */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const path of imports[name]?.static ?? []) withImports(path, seen);
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

const PAGE = "page.js";
const WASM = "waymark_bg.wasm";
contents[WASM] = await readFile(join(PKG, "dist", WASM));

const first = withImports(PAGE);
/** @type {Record<string, Set<string>>} every chunk that is fetched when it is used, by its name */
const chunks = {};
for (const path of Object.values(imports).flatMap(({ dynamic }) => dynamic)) {
  const own = [...withImports(path)].filter((one) => !first.has(one));
  chunks[path.replace(/-[\w-]{8}(?=\.js$)/, "")] = new Set(own);
}
const client = chunks["start.js"] ?? new Set();

/** @type {[string, Iterable<string>][]} */
const parts = [
  ["the page's script", first],
  ["the client", client],
  ["the core (wasm)", [WASM]],
  ["with client and core", [...first, ...client, WASM]],
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
  "waymark/destinations": "destinations/index.js",
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
    bundle: true,
    charset: "utf8",
    format: "esm",
    logLevel: "error",
    minify: true,
    outdir: "out",
    splitting: true,
    target: "es2022",
    write: false,
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
