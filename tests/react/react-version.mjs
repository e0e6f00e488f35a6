// @ts-check
// React of either version, as modules that a page loads through an import map, and the scenes
// of this folder beside them. The package itself is served as it was built.
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { packageFiles } from "../support/package-files.mjs";
import { ROOT } from "../support/program.mjs";

/** Where each version is installed: one for the shop, one for the tests. */
const HOMES = { 19: join(ROOT, "www"), 18: join(ROOT, "tests") };
const MODULES = [
  "react",
  "react/jsx-runtime",
  "react-dom",
  "react-dom/client",
  "react-dom/server",
];
const IN_BROWSER = MODULES.slice(0, -1);
const DEVELOPMENT = {
  "process.env.NODE_ENV": '"development"',
  "process.env.NEXT_PUBLIC_SEGMENT_WRITE_KEY": '"demo-browser-key"',
};

/** @typedef {keyof typeof HOMES} Version */

/**
 * Resolves every import of React to `version`.
 *
 * @param {Version} version
 * @returns {import("esbuild").Plugin}
 */
export function reactOf(version) {
  return {
    name: "react-version",
    setup(building) {
      building.onResolve({ filter: /^react(-dom)?(\/|$)/ }, (asked) => {
        if (asked.pluginData === "again") return undefined;
        return building.resolve(asked.path, {
          kind: asked.kind,
          pluginData: "again",
          resolveDir: HOMES[version],
        });
      });
    },
  };
}

/**
 * Gives a CommonJS module the named exports that it has in Node.js.
 *
 * @param {Version} version
 * @returns {import("esbuild").Plugin}
 */
function withNames(version) {
  const requires = createRequire(join(HOMES[version], "package.json"));
  return {
    name: "with-names",
    setup(building) {
      building.onResolve({ filter: /^named:/ }, ({ path }) => ({
        path: path.slice("named:".length),
        namespace: "named",
      }));
      building.onLoad({ filter: /.*/, namespace: "named" }, ({ path }) => {
        const names = Object.keys(requires(path)).join(", ");
        const contents = `import all from "${path}"; export const { ${names} } = all; export default all;`;
        return { contents, resolveDir: HOMES[version] };
      });
    },
  };
}

const fileOf = (/** @type {string} */ name) => name.replaceAll("/", "-");

/**
 * The files that a page needs to run scenes, by the path they are served under.
 *
 * @param {Version} version
 * @param {Record<string, string>} scenes the file of each script of scenes, by its name
 * @returns {Promise<Record<string, string | Uint8Array>>}
 */
export async function sceneFiles(version, scenes) {
  const react = await build({
    bundle: true,
    define: DEVELOPMENT,
    entryPoints: IN_BROWSER.map((name) => ({
      in: `named:${name}`,
      out: fileOf(name),
    })),
    format: "esm",
    outdir: "/react",
    plugins: [withNames(version), reactOf(version)],
    splitting: true,
    write: false,
  });
  const scripts = await build({
    bundle: true,
    define: DEVELOPMENT,
    entryPoints: scenes,
    external: [...MODULES, "waymark", "waymark/*"],
    format: "esm",
    jsx: "automatic",
    outdir: "/scenes",
    write: false,
  });
  /** @type {Record<string, string | Uint8Array>} */
  const files = await packageFiles();
  for (const { path, contents } of [
    ...react.outputFiles,
    ...scripts.outputFiles,
  ]) {
    files[path] = contents;
  }
  return files;
}

/** The page's import map. */
const IMPORTS = {
  ...Object.fromEntries(
    IN_BROWSER.map((name) => [name, `/react/${fileOf(name)}.js`]),
  ),
  waymark: "/waymark/index.js",
  "waymark/react": "/waymark/react/index.js",
};

/**
 * A page that runs a script of scenes.
 *
 * @param {string} script its path
 * @param {string} [rendered] what a server has rendered into the page
 */
export function sceneHtml(script, rendered = "") {
  const map = JSON.stringify({ imports: IMPORTS });
  return `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script type="importmap">${map}</script><div id="root">${rendered}</div><script type="module" src="${script}"></script>`;
}

/**
 * Bundles scenes and React for Node.js, as a server renders them.
 *
 * @param {Version} version
 * @param {string} file
 * @param {string} outfile a CommonJS script
 */
export async function bundleForNode(version, file, outfile) {
  await build({
    bundle: true,
    define: { ...DEVELOPMENT, "import.meta.url": '"file:///server.js"' },
    entryPoints: [file],
    format: "cjs",
    jsx: "automatic",
    logLevel: "error",
    outfile,
    platform: "node",
    plugins: [reactOf(version)],
  });
}
