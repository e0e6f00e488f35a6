// @ts-check
// README.md's first five minutes as a newcomer follows them, and the plain snippets of docs/: in
// Vite's development server, from another origin than the gateway's, with README's own
// configuration of the gateway.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { createServer } from "vite";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const own = await snippetsFor(import.meta.url);
const readme = own.filter(({ document }) => document === "README.md");
const [migrated, calls, inspector, ...more] = own.filter(
  ({ document }) => document !== "README.md",
);

/** @type {string} */
let folder;
/** @type {import("vite").ViteDevServer} */
let vite;
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let origin;

/** @param {string} path of a file of the shop @param {string} text */
async function put(path, text) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** A page that runs a script. @param {string} script */
const html = (script) =>
  `<!doctype html><title>Shop</title><link rel="icon" href="data:,">
   <div id="root"></div><script type="module" src="/${script}"></script>`;

before(async () => {
  const results = join(ROOT, "test-results");
  await mkdir(results, { recursive: true });
  folder = await mkdtemp(join(results, "docs-shop-"));
  await put("package.json", '{ "type": "module" }');
  // As Vite's template for React has it.
  await put("tsconfig.json", '{ "compilerOptions": { "jsx": "react-jsx" } }');
  const config = readme.find(({ name }) => name === "vite.config.ts");
  await put("vite.config.ts", config?.code ?? "");
  vite = await createServer({ root: folder, logLevel: "error" });
  await vite.listen();
  origin = new URL(vite.resolvedUrls?.local[0] ?? "").origin;

  const toml = readme.find(({ name }) => name === "gateway.toml")?.code ?? "";
  assert.match(toml, /^allowed_origins = \["http:\/\/localhost:5173"\]$/m);
  gateway = await startGateway({
    sources: [],
    // The test has a folder and ports of its own.
    toml: toml
      .replace(/^database = .*\n/m, "")
      .replace("http://localhost:5173", origin),
  });
  const towardsGateway = (/** @type {string} */ code) =>
    code.replaceAll("127.0.0.1:8080", gateway.host);
  for (const { name, code } of readme) {
    if (name?.startsWith("src/")) await put(name, towardsGateway(code));
  }
  await put(
    "src/calls.ts",
    towardsGateway(`${calls?.code}\n${inspector?.code}`),
  );
  await put("src/migrated.ts", `${migrated?.code}\nanalytics.track("Moved");`);
  for (const page of ["main.tsx", "plain.ts", "calls.ts", "migrated.ts"]) {
    await put(`${page}.html`, html(`src/${page}`));
  }
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await vite?.close();
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Opens a page as a new visitor. Any failed response counts as a trouble.
 *
 * @param {string} path
 */
async function visit(path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("response", (response) => {
    if (!response.ok()) troubles.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(`${origin}/${path}`);
  return { page, troubles, close: () => context.close() };
}

/** Names of the last of all events, oldest first. @param {number} count of all @param {number} last */
async function named(count, last) {
  const stored = await gateway.waitForEvents(count);
  return stored.slice(-last).map(({ event }) => event.event ?? event.type);
}

test("the chapters have exactly these blocks", () => {
  assert.deepEqual(
    readme.map(({ name }) => name),
    [
      "gateway.toml",
      "vite.config.ts",
      "src/analytics.ts",
      "src/main.tsx",
      "src/plain.ts",
    ],
  );
  assert.deepEqual(more, []);
});

test("the React shop's events are stored", async () => {
  const { page, troubles, close } = await visit("main.tsx.html");
  await page.getByText("Add to cart").click();
  assert.deepEqual(await named(2, 2), ["page", "Product Added"]);
  assert.deepEqual(troubles, []);
  await close();
});

test("the plain shop's events are stored", async () => {
  const { troubles, close } = await visit("plain.ts.html");
  assert.deepEqual(await named(5, 3), ["page", "identify", "Product Added"]);
  assert.deepEqual(troubles, []);
  await close();
});

test("the calls of the first chapter are stored, and its panel opens", async () => {
  const { page, troubles, close } = await visit("calls.ts.html");
  assert.deepEqual(await named(8, 3), ["page", "identify", "Product Added"]);
  await page.waitForFunction(() =>
    [...document.documentElement.children].some((one) => one.shadowRoot),
  );
  assert.deepEqual(troubles, []);
  await close();
});

test("without a host, events go to Segment", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = page.waitForRequest("https://api.segment.io/**");
  await page.route("https://api.segment.io/**", (route) => route.abort());
  await page.goto(`${origin}/migrated.ts.html`);
  assert.match((await asked).postData() ?? "", /"event":"Moved"/);
  await context.close();
});
