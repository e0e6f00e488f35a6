// @ts-check
// A bundler's mode decides: what it builds for production never asks for development's warnings,
// wherever it is served, and what it builds for development does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/page-server.mjs";
import { ROOT } from "../support/program.mjs";

const HTML = `<!doctype html><link rel="icon" href="data:,"><title>Shop</title>
  <script type="module" src="/shop.js"></script>`;
const DIST = join(ROOT, "pkg", "dist");
const WASM = "waymark_bg.wasm";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;

before(async () => {
  browser = await launchChromium();
  gateway = await startGateway();
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/**
 * A shop as a bundler builds it.
 *
 * @param {"production" | "development"} mode
 * @returns {Promise<Record<string, string | Uint8Array>>} its files by path
 */
async function bundled(mode) {
  const { outputFiles } = await build({
    bundle: true,
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    format: "esm",
    logLevel: "error",
    minify: true,
    outdir: "out",
    splitting: true,
    stdin: {
      contents: `import { AnalyticsBrowser } from "./index.js";
        const client = AnalyticsBrowser.load({ writeKey: "demo-browser-key" }, { flushAt: "five",
          integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } });
        client.track("Bundled for ${mode}");`,
      resolveDir: DIST,
      sourcefile: "shop.js",
    },
    write: false,
  });
  const scripts = outputFiles.map(({ path, contents }) => [
    `/${basename(path) === "stdin.js" ? "shop.js" : basename(path)}`,
    contents,
  ]);
  const wasm = await readFile(join(DIST, WASM));
  return { "/": HTML, ...Object.fromEntries(scripts), [`/${WASM}`]: wasm };
}

for (const [mode, warnings] of /** @type {const} */ ([
  ["production", 0],
  ["development", 1],
])) {
  test(`built for ${mode}, a page has ${warnings} warnings of its wrong option`, async () => {
    const files = await bundled(mode);
    const script = Buffer.from(files["/shop.js"] ?? "").toString();
    assert.equal(script.includes("waymark.development"), warnings > 0);
    const site = await servePage(files);
    const page = await browser.newPage();
    /** @type {string[]} */
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    const fetched = page.waitForResponse(/waymark\.development/);
    if (warnings === 0) fetched.catch(() => {});
    try {
      await page.goto(site.origin);
      await gateway.eventsBefore(`Bundled for ${mode}`);
      if (warnings > 0) await fetched;
      await page.waitForLoadState("networkidle");
      assert.equal(said.length, warnings, said.join());
    } finally {
      await page.close();
      await site.close();
    }
  });
}
