// @ts-check
// Builds an app in TypeScript and React as a shop would, with no configuration for any package.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EsbuildPlugin } from "esbuild-loader";
import { build } from "vite";
import webpack from "webpack";

const ENTRY = "/src/main.tsx";

/**
 * @param {string} folder the app's
 * @returns {Promise<string>} the folder of the built site
 */
export async function buildWithVite(folder) {
  const outDir = join(folder, "dist-vite");
  await build({
    build: { outDir, target: "es2022" },
    configFile: false,
    logLevel: "warn",
    root: folder,
  });
  return outDir;
}

/**
 * @param {string} folder the app's
 * @returns {Promise<string>} the folder of the built site
 * @throws {Error} with webpack's errors and warnings
 */
export async function buildWithWebpack(folder) {
  const path = join(folder, "dist-webpack");
  const compiler = webpack({
    context: folder,
    entry: `.${ENTRY}`,
    mode: "production",
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: "esbuild-loader",
          options: { jsx: "automatic", target: "es2022" },
        },
      ],
    },
    optimization: { minimizer: [new EsbuildPlugin({ target: "es2022" })] },
    output: { path },
    performance: { hints: false },
    resolve: { extensions: [".tsx", ".ts", ".js"], symlinks: true },
  });
  await new Promise((done, fail) => {
    compiler?.run((error, stats) => {
      const bad = !stats || stats.hasErrors() || stats.hasWarnings();
      if (error || bad) fail(error ?? new Error(stats?.toString()));
      else done(stats);
    });
  });
  const html = await readFile(join(folder, "index.html"), "utf8");
  const script = html.replace(`type="module" src="${ENTRY}"`, 'src="/main.js"');
  await writeFile(join(path, "index.html"), script);
  return path;
}
