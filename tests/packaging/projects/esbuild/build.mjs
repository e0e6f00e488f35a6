import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { build } from "esbuild";

await build({
  bundle: true,
  entryPoints: ["src/main.js"],
  format: "esm",
  minify: true,
  outdir: "dist",
  splitting: true,
  target: "es2022",
});
await copyFile("index.html", "dist/index.html");
// esbuild takes no assets along: the wasm belongs beside the chunks.
const wasm = createRequire(import.meta.url).resolve("waymark/waymark.wasm");
await copyFile(wasm, "dist/waymark_bg.wasm");
