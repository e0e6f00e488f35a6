// @ts-check
// `waymark-gateway init`: what it prints goes into a shop as it is, and it sees the first event.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { createServer } from "vite";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { freePort } from "../support/local-server.mjs";
import { gatewayProgram, ROOT } from "../support/program.mjs";

const run = promisify(execFile);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let folder;
/** @type {import("vite").ViteDevServer | undefined} */
let vite;
/** @type {import("node:child_process").ChildProcess | undefined} */
let gateway;
/** What `init` has printed so far. */
let printed = "";

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async () => {
  const results = join(ROOT, "test-results");
  await mkdir(results, { recursive: true });
  folder = await mkdtemp(join(results, "init-"));
  printed = "";
});
afterEach(async () => {
  await vite?.close();
  if (gateway?.exitCode === null) {
    gateway.kill("SIGTERM");
    await once(gateway, "exit");
  }
  vite = gateway = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** The flags of a gateway that has this machine for itself. */
const addresses = async () => [
  "--listen",
  `127.0.0.1:${await freePort()}`,
  "--admin-listen",
  `127.0.0.1:${await freePort()}`,
];

/** Starts `init`, and waits until it waits for an event. @param {string} origin */
async function init(origin) {
  const args = ["init", "--origin", origin, ...(await addresses())];
  gateway = spawn(gatewayProgram(), args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const out of [gateway.stdout, gateway.stderr])
    out?.on("data", (part) => (printed += part));
  await eventually(() => printed.includes("Waiting for the first event"));
}

/** The files that are printed, by their paths. */
function files() {
  const [, ...parts] = printed.split(/^--- ?/m);
  const all = parts
    .map((part) => /^(\S+) .*\n([^]*)$/.exec(part))
    .filter((found) => found !== null)
    .map(([, path = "", text = ""]) => [path, text]);
  return Object.fromEntries(all);
}

/** Starts Vite in the folder, as it is. */
async function startVite() {
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  // As Vite's template for React has it.
  await writeFile(
    join(folder, "tsconfig.json"),
    '{ "compilerOptions": { "jsx": "react-jsx" } }',
  );
  vite = await createServer({ root: folder, logLevel: "error" });
  await vite.listen();
  return new URL(vite.resolvedUrls?.local[0] ?? "").origin;
}

/** Puts what was printed into the folder, with a page that runs a script. @param {string} script */
async function putShop(script) {
  for (const [path, text] of Object.entries(files())) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writeFile(
    join(folder, "index.html"),
    `<!doctype html><title>Shop</title><link rel="icon" href="data:,">
     <div id="root"></div><script type="module" src="/${script}"></script>`,
  );
}

for (const script of ["src/main.ts", "src/main.tsx"]) {
  test(`the first event of ${script}, as it is printed, arrives`, async () => {
    const origin = await startVite();
    await init(origin);
    await putShop(script);
    // With the plugin that is printed, as a newcomer starts it.
    await vite?.restart();
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
    await eventually(() => printed.includes("It arrived"));
    assert.ok(printed.includes(`It arrived: page "Home" of ${origin}/\n`));
    assert.ok(printed.endsWith("serve --config gateway.toml\n"), printed);
    await page.close();
  });
}

test("a shop of another origin is refused, and the reason is printed", async () => {
  const origin = await startVite();
  await init("http://localhost:1");
  await putShop("src/main.ts");
  const page = await browser.newPage();
  await page.goto(`${origin}/`);
  const told = `reason="origin_not_allowed" origin="${origin}"`;
  await eventually(() => printed.includes(told));
  assert.ok(!printed.includes("It arrived"));
  await page.close();
});

test("the layout for Next.js has the types of Next.js and of the package", async () => {
  const args = ["init", "--origin", "http://localhost:3000", "--no-serve"];
  const all = [...args, ...(await addresses())];
  ({ stdout: printed } = await run(gatewayProgram(), all, { cwd: folder }));
  await putShop("src/main.ts");
  const strict = {
    jsx: "react-jsx",
    module: "esnext",
    moduleResolution: "bundler",
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: "es2022",
    lib: ["es2022", "dom"],
  };
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: strict,
      files: ["app/layout.tsx", "src/main.ts", "src/main.tsx"],
    }),
  );
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  await run(tsc, ["--project", folder]);
  const toml = await readFile(join(folder, "gateway.toml"), "utf8");
  const key = /browser-[0-9a-f]{32}/.exec(toml)?.[0] ?? "none";
  assert.ok(files()["app/layout.tsx"]?.includes(`writeKey="${key}"`));
});
