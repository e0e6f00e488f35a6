// @ts-check
// The libraries that are compared, and a page for each as a shop's bundler builds it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { waymark } from "waymark/vite";
import { ROOT } from "../tests/support/program.mjs";

/**
 * @typedef {object} Library
 * @property {string} name of its adapter in `bench/peers`
 * @property {string} label in tables
 * @property {string} [module] its npm package
 * @property {boolean} [hasGateway] whether its server is Waymark's gateway; only its load differs
 */

/** @type {Library[]} */
export const LIBRARIES = [
  { name: "floor", label: "floor" },
  { name: "waymark", label: "Waymark", module: "waymark" },
  {
    name: "waymark-gateway",
    label: "Waymark, by its gateway",
    module: "waymark",
    hasGateway: true,
  },
  { name: "segment", label: "Segment", module: "@segment/analytics-next" },
  {
    name: "rudderstack",
    label: "RudderStack",
    module: "@rudderstack/analytics-js",
  },
  { name: "snowplow", label: "Snowplow", module: "@snowplow/browser-tracker" },
  { name: "posthog", label: "PostHog", module: "posthog-js" },
  {
    name: "amplitude",
    label: "Amplitude",
    module: "@amplitude/analytics-browser",
  },
  { name: "mixpanel", label: "Mixpanel", module: "mixpanel-browser" },
  { name: "jitsu", label: "Jitsu", module: "@jitsu/js" },
];

/**
 * The libraries with these names, in the order of the tables; without names, all of them.
 *
 * @param {readonly string[]} names
 * @throws {Error} for an unknown name
 */
export function chosen(names) {
  const unknown = names.find((name) =>
    LIBRARIES.every((library) => library.name !== name),
  );
  if (unknown) throw new Error(`no library named ${unknown}`);
  return LIBRARIES.filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
}

/** @param {Library} library @returns {Promise<string>} "" for the floor */
export async function versionOf({ module }) {
  if (!module) return "";
  const file = join(ROOT, "node_modules", module, "package.json");
  return JSON.parse(await readFile(file, "utf8")).version;
}

/** What Vite's helper asks of the document: whether it preloads modules. */
const HELPER = /document\.createElement\(["'`]link["'`]\)\.relList/;

/**
 * Builds the page's files with Vite: `/page.html`, `/main.js` and what that fetches; Waymark's
 * with its Vite plugin, as its README recommends. With `preloads` false nothing is preloaded, and
 * Vite's own helper for it, which needs a member of the document when the page begins, is left out.
 *
 * @param {Library} library
 * @param {boolean} [preloads]
 * @returns {Promise<Map<string, Buffer>>} by path
 */
export async function pageFiles({ name, module }, preloads = true) {
  const peers = join(import.meta.dirname, "peers");
  const built = /** @type {any} */ (
    await build({
      configFile: false,
      logLevel: "error",
      root: import.meta.dirname,
      plugins: module === "waymark" ? [waymark({ preload: false })] : [],
      resolve: { alias: { library: join(peers, `${name}.mjs`) } },
      build: {
        target: "es2022",
        write: false,
        // Inlined into the script, wasm would be measured as script.
        assetsInlineLimit: 0,
        modulePreload: preloads && { polyfill: false },
        rollupOptions: {
          input: join(import.meta.dirname, "page.html"),
          output: { entryFileNames: "main.js" },
        },
      },
    })
  );
  /** @type {{ fileName: string, code?: string, source?: string | Uint8Array }[]} */
  const output = built.output;
  return new Map(
    output.map(({ fileName, code, source }) => [
      `/${fileName}`,
      Buffer.from(
        (preloads ? code : code?.replace(HELPER, "0")) ?? source ?? "",
      ),
    ]),
  );
}
