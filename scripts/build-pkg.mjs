// @ts-check
// Bundles each entry of pkg/package.json's `exports` into pkg/dist and puts the wasm beside it.
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";

const PKG = join(import.meta.dirname, "..", "pkg");
const manifest = JSON.parse(await readFile(join(PKG, "package.json"), "utf8"));

/** The oldest browsers that understand the package, for the syntax; eslint has their APIs. */
const { browserslist } = JSON.parse(
  await readFile(join(PKG, "..", "package.json"), "utf8"),
);
const target = browserslist.map((/** @type {string} */ one) =>
  one.replace("ios_saf", "ios").replace(" >= ", ""),
);

/** What runs on a shop's server is a file of its own, so that it shares no chunk with a page. */
const SERVER = ["./server", "./commercetools"].map(
  (name) => /** @type {string} */ (manifest.exports[name].default),
);

const source = (/** @type {string} */ path) => join(PKG, "src", path);

/** @param {string} entry such as `./dist/react.js` */
function sourceOf(entry) {
  const out = entry.slice("./dist/".length, -".js".length);
  const found = [`${out}.ts`, `${out}.tsx`].map(source).find(existsSync);
  if (!found) throw new Error(`no source for the export ${entry}`);
  return { in: found, out };
}

const entries = Object.values(manifest.exports)
  .map((target) => (typeof target === "string" ? target : target.default))
  .filter((target) => !target.endsWith(".iife.js"))
  .filter((target) => !SERVER.includes(target))
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

/** For development, a file of its own, which shares no chunk with a page. */
const DEVELOPMENT = "waymark.development.js";

/** @type {import("esbuild").Plugin} */
const builtBeside = {
  name: "built-beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/facade$/ }, ({ importer }) =>
      importer.endsWith("middleware.ts")
        ? { path: "./facade.js", external: true }
        : undefined,
    );
    onResolve({ filter: /\/development\/development$/ }, () => ({
      path: `./${DEVELOPMENT}`,
      external: true,
    }));
  },
};
await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  entryPoints: [source("plugins/facade.ts")],
  format: "esm",
  legalComments: "none",
  minify: true,
  outfile: "dist/facade.js",
  target,
});
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
    { in: source("front/analytics-browser.ts"), out: "analytics-browser" },
    // Its name is known to the script-tag build.
    { in: source("core/core-script.ts"), out: "core-script" },
    { in: source("front/browser-service.ts"), out: "browser-service" },
    // It has a cap of its own.
    { in: source("inspector/panel.ts"), out: "inspector/panel" },
    // A bundler leaves out what a call makes (`forwardRef`) only with its file: minifying drops
    // the word that such a call has no effects.
    ...["TrackVisibility", "TrackedButton", "TrackedLink"].map((name) => ({
      in: source(`react/${name}.tsx`),
      out: `react/${name}`,
    })),
  ],
  external: [...Object.keys(manifest.peerDependencies ?? {}), "node:*"],
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: true,
  outbase: "src",
  outdir: "dist",
  plugins: [inlined, builtBeside],
  sourcemap: true,
  splitting: true,
  target,
});
for (const outfile of SERVER) {
  await build({
    absWorkingDir: PKG,
    bundle: true,
    charset: "utf8",
    entryPoints: [sourceOf(outfile).in],
    external: Object.keys(manifest.peerDependencies),
    format: "esm",
    legalComments: "none",
    minify: true,
    outfile,
    sourcemap: true,
    target,
  });
}
/** What few pages use is a file of its own beside the script-tag build, too. */
const AUTOMATIC = "waymark.automatic.js";
/** @type {Record<string, string>} */
const BESIDE = {
  automatic: AUTOMATIC,
  development: DEVELOPMENT,
  "core-script": "core-script.js",
};
/**
 * One script has no chunks to fetch: what modules import on use is imported at once, which spares
 * each module the wrapper that would let it begin later.
 *
 * @type {import("esbuild").Plugin}
 */
const importedAtOnce = {
  name: "imported-at-once",
  setup({ onLoad }) {
    onLoad({ filter: /\/pkg\/src\/.*\.ts$/ }, async ({ path }) => {
      /** @type {string[]} */
      const imports = [];
      const text = await readFile(path, "utf8");
      // Both functions are injected from core/script-url.ts.
      const addressed = text.replace(
        /new URL\("\.\/([^"]+)", import\.meta\.url\)/g,
        (_, file) => `addressBeside("${file}")`,
      );
      const body = addressed.replace(
        /(?<!typeof )\bimport\(\s*("[^"]+")\s*\)/g,
        (_, named) => {
          const beside = BESIDE[basename(JSON.parse(named))];
          if (beside) return `importBeside("${beside}")`;
          const name = `onUse${imports.length}`;
          imports.push(`import * as ${name} from ${named};`);
          return `Promise.resolve(${name})`;
        },
      );
      return { contents: imports.join("") + body, loader: "ts" };
    });
  },
};
for (const [entry, outfile] of [
  ["automatic/automatic.ts", AUTOMATIC],
  ["development/development.ts", DEVELOPMENT],
]) {
  await build({
    absWorkingDir: PKG,
    bundle: true,
    charset: "utf8",
    entryPoints: [source(entry)],
    format: "esm",
    legalComments: "none",
    minify: true,
    outfile: `dist/${outfile}`,
    sourcemap: true,
    target,
  });
}
// The script-tag build: one classic script, beside which the wasm is.
await build({
  absWorkingDir: PKG,
  bundle: true,
  charset: "utf8",
  // Without a bundler of the page's own, its host tells whether this is development.
  define: { "process.env.NODE_ENV": '""' },
  entryPoints: [source("snippet.ts")],
  format: "iife",
  inject: [source("core/script-url.ts")],
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  outfile: "dist/waymark.iife.js",
  plugins: [importedAtOnce],
  sourcemap: true,
  target,
});
// What another compiler wrote needs no source map.
for (const name of await readdir(join(PKG, "dist"))) {
  if (!/^(core|module)-script.*\.js$/.test(name)) continue;
  const path = join(PKG, "dist", name);
  const script = await readFile(path, "utf8");
  await writeFile(path, script.replace(/\n\/\/# sourceMappingURL=.*/, ""));
  await rm(`${path}.map`);
}
await writeFile(
  join(PKG, "wasm", "meta.json"),
  JSON.stringify(metafile.outputs),
);
for (const wasm of ["waymark_bg.wasm", "waymark_insight_bg.wasm"]) {
  await copyFile(join(PKG, "wasm", wasm), join(PKG, "dist", wasm));
}
