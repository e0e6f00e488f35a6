// @ts-check
// Bundles each entry of pkg/package.json's `exports` into pkg/dist and puts the wasm beside it.
import { createHash } from "node:crypto";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";

const PKG = join(import.meta.dirname, "..", "pkg");
const manifest = JSON.parse(await readFile(join(PKG, "package.json"), "utf8"));

/** What runs on a shop's server is a file of its own, so that it shares no chunk with a page. */
const SERVER = manifest.exports["./server"].default;

/** @param {string} entry such as `./dist/react.js` */
function sourceOf(entry) {
  const stem = join(PKG, entry.replace("/dist/", "/src/").slice(0, -3));
  const source = [`${stem}.ts`, `${stem}.tsx`].find((path) => existsSync(path));
  if (!source) throw new Error(`no source for the export ${entry}`);
  return source;
}

const entries = Object.values(manifest.exports)
  .map((target) => (typeof target === "string" ? target : target.default))
  .filter((target) => !target.endsWith(".iife.js"))
  .filter((target) => target !== SERVER)
  .filter((target) => /^\.\/dist\/.*\.js$/.test(target));

/** For `waymark/inline`: a compressed file, as base64. @type {import("esbuild").Plugin} */
const inlined = {
  name: "inlined",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.deflate$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
    }));
    onLoad({ filter: /\.deflate$/ }, async ({ path }) => {
      const file = await readFile(path.replace(/\.deflate$/, ""));
      return { contents: deflateRawSync(file, { level: 9 }), loader: "base64" };
    });
  },
};

const { metafile } = await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  chunkNames: "[name]-[hash]",
  // It is the application's bundler that knows the mode.
  define: { "process.env.NODE_ENV": "process.env.NODE_ENV" },
  // What a page starts with is an entry of its own, so that it shares no chunk with the rest;
  // so is the service, so that a page that does not use it can leave it out.
  entryPoints: [
    ...[...new Set(entries)].map(sourceOf),
    join(PKG, "src", "analytics-browser.ts"),
    // Its name is known to the script-tag build.
    join(PKG, "src", "core-script.ts"),
    join(PKG, "src", "browser-service.ts"),
    // It has a cap of its own.
    join(PKG, "src", "inspector", "panel.ts"),
    // A bundler leaves out what a call makes (`forwardRef`) only with its file: minifying drops
    // the word that such a call has no effects.
    ...["TrackVisibility", "TrackedButton", "TrackedLink"].map((name) =>
      join(PKG, "src", "react", `${name}.tsx`),
    ),
  ],
  external: [...Object.keys(manifest.peerDependencies ?? {}), "node:*"],
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: true,
  outbase: "src",
  outdir: "dist",
  plugins: [inlined],
  splitting: true,
  target: "es2022",
});
await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  entryPoints: [sourceOf(SERVER)],
  format: "esm",
  legalComments: "none",
  minify: true,
  outfile: SERVER,
  target: "es2022",
});
/** What few pages use is a file of its own beside the script-tag build, too. */
const AUTOMATIC = "waymark.automatic.js";
/** @type {Record<string, string>} */
const BESIDE = {
  "./automatic": `./${AUTOMATIC}`,
  "./core-script": "./core-script.js",
};
/** @type {import("esbuild").Plugin} */
const filesBeside = {
  name: "files-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(automatic|core-script)$/ }, ({ path }) => ({
      path: BESIDE[path],
      external: true,
    }));
  },
};
await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  entryPoints: [join(PKG, "src", "automatic.ts")],
  format: "esm",
  legalComments: "none",
  minify: true,
  outfile: `dist/${AUTOMATIC}`,
  target: "es2022",
});
// The script-tag build: one classic script, beside which the wasm is.
await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  define: { "import.meta.url": "scriptUrl" },
  entryPoints: [join(PKG, "src", "snippet.ts")],
  format: "iife",
  inject: [join(PKG, "src", "script-url.ts")],
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  outfile: "dist/waymark.iife.js",
  plugins: [filesBeside],
  target: "es2022",
});
// For the attribute `integrity` of a page's script tag.
const SCRIPT = "waymark.iife.js";
const sha384 = createHash("sha384")
  .update(await readFile(join(PKG, "dist", SCRIPT)))
  .digest("base64");
await writeFile(
  join(PKG, "dist", "integrity.json"),
  `${JSON.stringify({ [SCRIPT]: `sha384-${sha384}` }, null, 2)}\n`,
);
await writeFile(
  join(PKG, "wasm", "meta.json"),
  JSON.stringify(metafile.outputs),
);
for (const wasm of ["waymark_bg.wasm", "waymark_insight_bg.wasm"]) {
  await copyFile(join(PKG, "wasm", wasm), join(PKG, "dist", wasm));
}
