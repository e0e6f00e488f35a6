// @ts-check
// Imports an entry of the package where only these globals are there, and uses it; run as a
// process of its own, with --experimental-vm-modules: `bare-globals.mjs FOLDER ENTRY PLATFORM`.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";

const [folder = "", entry = "", platform = ""] = process.argv.slice(2);
/** @type {unknown[]} */
const troubles = [];
process.on("unhandledRejection", (reason) => troubles.push(reason));

const fetched = (/** @type {unknown} */ url) => {
  troubles.push(`fetched ${String(url)}`);
  return Promise.reject(new Error("no network"));
};
/** What every platform of the web's standards has; no `process`, no `Buffer`. */
const web = {
  ...{ AbortController, AbortSignal, Blob, BroadcastChannel, Event },
  ...{ EventTarget, Headers, MessageChannel, Request, Response, TextDecoder },
  ...{ TextEncoder, URL, URLSearchParams, WebAssembly, atob, btoa },
  ...{ clearTimeout, console, crypto, queueMicrotask, setTimeout },
  ...{ performance, structuredClone, fetch: fetched },
};
/** @type {Record<string, object>} */
const PLATFORMS = {
  deno: { Deno: { version: {} }, navigator: { userAgent: "Deno/2.5.0" } },
  // A worker of an edge network, not of a page: it has no address.
  edge: {
    WorkerGlobalScope: class {},
    navigator: { userAgent: "Cloudflare-Workers" },
  },
};
const context = vm.createContext({ ...web, ...PLATFORMS[platform] });
vm.runInContext("globalThis.self = globalThis", context);

const require = createRequire(pathToFileURL(`${folder}/page.js`));
/** @type {Map<string, any>} */
const modules = new Map();

/** What is not of the package, such as React: as Node.js has it. @param {string} name */
async function foreign(name) {
  const loaded = await import(pathToFileURL(require.resolve(name)).href);
  // Of a CommonJS module Node.js may not see all names.
  const found = { ...loaded.default, ...loaded };
  const names = Object.keys(found);
  return new vm.SyntheticModule(
    names,
    function () {
      names.forEach((one) => this.setExport(one, found[one]));
    },
    { context },
  );
}

/** @param {string} url */
async function own(url) {
  const code = await readFile(fileURLToPath(url), "utf8");
  return new vm.SourceTextModule(code, {
    context,
    identifier: url,
    importModuleDynamically: (name) => imported(name, url),
    initializeImportMeta: (meta) => {
      meta.url = url;
    },
  });
}

/** The module of this name as `from` imports it. @param {string} name @param {string} from */
function moduleOf(name, from) {
  const isOwn = /^(\.|file:)/.test(name);
  const id = isOwn ? new URL(name, from).href : name;
  const known = modules.get(id) ?? (isOwn ? own(id) : foreign(id));
  modules.set(id, known);
  return known;
}

/** @param {string} name @param {string} from @returns {Promise<any>} */
async function imported(name, from) {
  const found = await moduleOf(name, from);
  if (found.status === "unlinked") {
    await found.link(
      (
        /** @type {string} */ other,
        /** @type {{ identifier: string }} */ { identifier },
      ) => moduleOf(other, identifier),
    );
  }
  await found.evaluate();
  return found;
}

const found = await imported(entry, entry);
const { AnalyticsBrowser, segmentBrowser } = found.namespace;
if (AnalyticsBrowser) {
  const analytics = AnalyticsBrowser.load({ writeKey: "k" });
  analytics.page();
  analytics.track("Bare", { price: 1 });
  analytics.identify("u");
  analytics.reset();
  analytics.user();
  await segmentBrowser.initialize({ writeKey: "k" });
  segmentBrowser.track("Bare");
  for (let turns = 0; turns < 5; turns++) await turn();
  assert.equal(analytics.delivery().accepted, 0);
}
await turn();
assert.deepEqual(troubles, []);
console.log("fine");
