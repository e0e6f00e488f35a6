// @ts-check
// The code blocks of docs/react-and-next.md, compiled, and run against the real gateway under the
// address that they name.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import "../support/watchdog.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { bundleForNode } from "./react-version.mjs";
import { nameOf, theatre } from "./theatre.mjs";

/** Runs the snippets in the page that a test opens. */
const MAIN = `
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router";
import { SegmentProvider } from "waymark/react";
import { Sale } from "./Sale";
import { Shop } from "./Shop";
import { signOut } from "./signOut";
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Shop />
    <MemoryRouter>
      <SegmentProvider writeKey="demo-browser-key"><Sale /></SegmentProvider>
    </MemoryRouter>
  </StrictMode>,
);
Object.assign(window, { stage: { track: signOut } });
`;
const RESULTS = join(ROOT, "test-results");

/** @type {string} */
let folder;
const snippets = await snippetsFor(import.meta.url);
/** @type {Record<string, string>} the scripts of scenes */
const scenes = {};

before(async () => {
  await mkdir(RESULTS, { recursive: true });
  folder = await mkdtemp(join(RESULTS, "docs-"));
  for (const { name, code } of snippets) {
    // The page routes the gateway's address.
    const text = towards(code, "127.0.0.1:8080");
    await writeFile(join(folder, name ?? "unnamed.ts"), text);
  }
  await writeFile(join(folder, "main.tsx"), MAIN);
  scenes["docs"] = join(folder, "main.tsx");
});
after(() => rm(folder, { recursive: true, force: true }));
const stage = theatre(19, { scenes });

test("every block names its file, and these are the files", () => {
  assert.deepEqual(
    snippets.map(({ name }) => name),
    ["Shop.tsx", "Product.tsx", "Sale.tsx", "layout.tsx", "signOut.ts"],
  );
});

test("the blocks compile", async () => {
  const config = join(folder, "tsconfig.json");
  const base = relative(folder, join(ROOT, "tests", "react", "tsconfig.json"));
  await writeFile(
    config,
    JSON.stringify({ extends: base, include: ["*.ts", "*.tsx"] }),
  );
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const said = await promisify(execFile)(process.execPath, [
    tsc,
    "--project",
    config,
  ]).then(
    ({ stdout }) => stdout,
    (error) => error.stdout,
  );
  assert.equal(said, "");
});

test("a server renders the layout", async () => {
  const server = join(folder, "server.tsx");
  await writeFile(
    server,
    `import { renderToString } from "react-dom/server";
     import Layout from "./layout";
     export const html = renderToString(<Layout><h1>Hello</h1></Layout>);`,
  );
  const bundle = join(folder, "server.cjs");
  await bundleForNode(19, server, bundle);
  const { html } = createRequire(import.meta.url)(bundle);
  assert.equal(
    html,
    '<html lang="en"><head></head><body><h1>Hello</h1></body></html>',
  );
});

test("the blocks run, and record what they say", async () => {
  const { page } = stage;
  await page.route("http://127.0.0.1:8080/**", (route) => {
    const { pathname } = new URL(route.request().url());
    return route
      .fetch({ url: `${stage.gateway.url}${pathname}` })
      .then((response) => route.fulfill({ response }));
  });
  await page.goto(`${stage.origin}/docs.html`);
  await page.locator("main[aria-busy=false]").waitFor();
  await stage.eventsUntil("Promotion Viewed");
  await page.getByText("Add to cart").click();
  await page.getByText("Sizes").click();
  await page.getByText("Sale").click();
  await page.getByText("Coupon").click();
  await page.getByLabel("E-mail").fill("ann@example.org");
  await page.getByText("Subscribe").click();
  await page.evaluate("window.stage.track()");
  const events = await stage.eventsUntil("Signed Out");
  assert.deepEqual(
    events.map((event) => [nameOf(event), event.properties?.link_url ?? null]),
    [
      ["page Catalog Product", null],
      ["Promotion Viewed", null],
      ["Product Added", null],
      ["Size Guide Opened", "#sizes"],
      ["Promotion Clicked", "/sale"],
      ["Coupon Opened", "/coupon"],
      ["Form Started", null],
      ["identify", null],
      ["Form Submitted", null],
      ["Signed Out", null],
    ],
  );
  assert.equal(events.at(-1).userId, "user_1");
});
