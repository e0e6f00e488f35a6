// @ts-check
// The routes of React Router 6 and 7, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { eventually } from "../support/eventually.mjs";
import { ROOT } from "../support/program.mjs";
import { setScene } from "./scene.mjs";

const MODULES = join(ROOT, "node_modules");
const OF_SIX = join(MODULES, "react-router-dom-6");
/** The module behind `router`, and the package that the adapter imports. */
const VERSIONS = {
  6: [OF_SIX, join(OF_SIX, "node_modules", "react-router")],
  7: [join(MODULES, "react-router"), join(MODULES, "react-router")],
};

/** The app with one version of the router. @param {6 | 7} version */
async function bundle(version) {
  const [router, adapted] = VERSIONS[version];
  const { outputFiles } = await build({
    alias: {
      react: join(MODULES, "react"),
      "react-dom": join(MODULES, "react-dom"),
      "react-router": /** @type {string} */ (adapted),
      router: /** @type {string} */ (router),
    },
    bundle: true,
    define: { "process.env.NODE_ENV": '"development"' },
    entryPoints: [join(import.meta.dirname, "router-app.jsx")],
    format: "esm",
    jsx: "automatic",
    logLevel: "error",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

const page = (/** @type {number} */ version) =>
  `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><div id="root"></div>
  <script type="module" src="/waymark/app${version}.js"></script>`;
/** The same page for both versions; the test says which script it loads. */
const files = {
  "/app.html": page(7),
  // Beside the wasm, where the bundle looks for it.
  "/waymark/app6.js": await bundle(6),
  "/waymark/app7.js": await bundle(7),
};
const scene = setScene(files);

for (const version of [6, 7]) {
  test(`React Router ${version}: each route is one page view, a redirect is not`, async () => {
    const { page: tab } = scene;
    await tab.route("**/waymark/app7.js", (route) =>
      route.fulfill({
        body: files[version === 6 ? "/waymark/app6.js" : "/waymark/app7.js"],
        contentType: "text/javascript",
      }),
    );
    const views = async () => {
      const stored = await scene.gateway.exportEvents();
      return stored.map(({ event }) => event.properties);
    };
    const viewed = (/** @type {number} */ count) =>
      eventually(async () => (await views()).length >= count, {
        what: `${count} views`,
      });
    const api = encodeURIComponent(scene.gateway.host);
    await scene.visit(`/app.html?api=${api}`);
    await viewed(1);
    await tab.click("text=Tents");
    await viewed(2);
    await tab.click("text=Reviews");
    await tab.click("text=Old");
    await viewed(3);
    await tab.goBack();
    await viewed(4);
    const told = (await views()).map(({ path, search, referrer, shown }) => [
      path + (path === "/app.html" ? "" : search),
      referrer && new URL(referrer).pathname + new URL(referrer).hash,
      shown,
    ]);
    assert.deepEqual(told, [
      ["/app.html", "", "Home"],
      ["/tents?by=price", "/app.html", "Tents"],
      ["/tarps", "/tents", "Tarps"],
      ["/tents?by=price", "/tarps", "Tents"],
    ]);
  });
}
