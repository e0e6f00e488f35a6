import { copyFile } from "node:fs/promises";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { importMetaAssets } from "@web/rollup-plugin-import-meta-assets";

/** @type {import("rollup").RollupOptions} */
export default {
  input: "src/main.js",
  output: { dir: "dist", format: "es" },
  plugins: [
    nodeResolve(),
    // Takes along what `new URL("…", import.meta.url)` names: the wasm.
    importMetaAssets(),
    {
      name: "page",
      writeBundle: () => copyFile("index.html", "dist/index.html"),
    },
  ],
};
