// @ts-check
// The two libraries as scripts for a page: Segment's client bundled from npm, Waymark as built.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { packageFiles } from "../support/package-files.mjs";

/** @typedef {"peer" | "waymark"} Sdk */
/** @typedef {{ name: Sdk, script: string, files: Record<string, string | Uint8Array> }} Library */

/** Whether Waymark runs over its core as JavaScript. */
export const OVER_SCRIPT = process.env.WAYMARK_ENGINE === "js";

/** Segment's client as modules of a bundler with code splitting, by path. */
async function peerFiles() {
  const { outputFiles } = await build({
    bundle: true,
    conditions: ["browser"],
    define: { "process.env.NODE_ENV": '"production"' },
    entryPoints: { index: "@segment/analytics-next" },
    absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
    format: "esm",
    logLevel: "error",
    minify: true,
    outdir: "/peer",
    splitting: true,
    write: false,
  });
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path, contents]),
  );
}

/**
 * Both libraries. A page loads `script` as a module, and has all exports in `window.SDK`.
 *
 * @returns {Promise<Record<Sdk, Library>>}
 */
export async function libraries() {
  /** @param {string} path */
  const entry = (path) => `import * as SDK from "${path}"; window.SDK = SDK;`;
  // The core as JavaScript is what a page without WebAssembly gets, which it remembers.
  const engine = OVER_SCRIPT
    ? `delete globalThis.WebAssembly;
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (key, value) {
          if (key !== "waymark:engine") setItem.call(this, key, value);
        };`
    : "";
  return {
    peer: {
      name: "peer",
      script: entry("/peer/index.js"),
      files: await peerFiles(),
    },
    waymark: {
      name: "waymark",
      script: entry("/waymark/index.js") + engine,
      files: await packageFiles(),
    },
  };
}
