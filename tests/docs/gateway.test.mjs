// @ts-check
// The configurations of docs/ are valid, its tables name every key and flag, and a page without a
// build gets the SDK from the gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/page-server.mjs";
import { gatewayProgram, ROOT } from "../support/program.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";

const run = promisify(execFile);
const own = await snippetsFor(import.meta.url);
const configurations = own.filter(({ language }) => language === "toml");
const pages = own.filter(({ language }) => language === "html");

test("the chapter has configurations, and a page", () => {
  assert.equal(configurations.length, 8);
  assert.equal(pages.length, 1);
  assert.equal(own.length, 9);
});

for (const { document, line, code } of configurations) {
  test(`the gateway accepts ${document}:${line}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "waymark-docs-"));
    const config = join(folder, "gateway.toml");
    await writeFile(config, code);
    await mkdir(join(folder, "secrets"));
    for (const [, name = ""] of code.matchAll(/file = "(secrets.*)"/g)) {
      await writeFile(join(folder, name), `secret of ${name}\n`);
    }
    const plan = join(ROOT, "tests", "plan", "plan.json");
    await copyFile(plan, join(folder, "tracking-plan.json"));
    const env = { ...process.env, SHOP_SERVER_KEY: "shop-server-key" };
    try {
      const args = ["serve", "--config", config, "--check-config"];
      await run(gatewayProgram(), args, { cwd: folder, env });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test("the chapter names every flag and its variable", async () => {
  const chapter = await readFile(join(ROOT, "docs", "gateway.md"), "utf8");
  const { stdout } = await run(gatewayProgram(), ["serve", "--help"]);
  const flags = stdout.match(/--(?!help)[a-z-]+(?= )/g) ?? [];
  const variables = stdout.match(/WAYMARK_\w+/g) ?? [];
  assert.ok(flags.length > 8 && variables.length > 8, stdout);
  for (const name of [...flags, ...variables]) {
    assert.ok(chapter.includes(name), `${name} is not in docs/gateway.md`);
  }
});

test("the chapter's limits are the program's defaults", async () => {
  const path = join(ROOT, "crates", "waymark-gateway", "src", "limits.rs");
  const limits = await readFile(path, "utf8");
  const limitOf = (/** @type {string} */ name) =>
    new RegExp(`${name}: u32 = ([\\d_]+);`).exec(limits)?.[1]?.replace("_", "");
  const text = configurations.map(({ code }) => code).join("\n");
  for (const [key, name] of [
    ["requests_per_second_per_key", "KEY_REQUESTS_PER_SECOND"],
    ["requests_per_second_per_address", "ADDRESS_REQUESTS_PER_SECOND"],
  ]) {
    assert.ok(text.includes(`${key} = ${limitOf(name ?? "")}\n`), key);
  }
});

test("a page without a build sends its page view", async () => {
  const dist = join(ROOT, "pkg", "dist");
  const gateway = await startGateway({ args: ["--sdk-dir", dist] });
  const html = towards(pages[0]?.code ?? "", gateway.host);
  const site = await servePage({
    "/": `<!doctype html><title>Shop</title>${html}`,
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/`);
    const [stored] = await gateway.waitForEvents(1);
    assert.equal(stored?.event.name, "Home");
  } finally {
    await browser.close();
    await site.close();
    await gateway.stop();
  }
});
