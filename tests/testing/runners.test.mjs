// @ts-check
// The matchers and the fixture under the runners they are for: Vitest and Playwright.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { chromiumPath, CHROMIUM_FLAGS } from "../support/chromium.mjs";
import { gatewayProgram, ROOT } from "../support/program.mjs";
import { collect } from "waymark/testing/playwright";
import { startGateway } from "../support/gateway.mjs";

const RUNNERS = join(import.meta.dirname, "runners");

/** @param {string} program @param {string[]} args @param {object} [env] @returns {Promise<string>} */
const run = (program, args, env = {}) =>
  new Promise((resolve) => {
    const bin = join(ROOT, "node_modules", program);
    const inherited = { ...process.env, ...env };
    // A runner inside a runner must not think that it is part of it.
    delete (/** @type {any} */ (inherited).NODE_TEST_CONTEXT);
    const options = { cwd: RUNNERS, env: inherited };
    execFile(process.execPath, [bin, ...args], options, (error, out, err) => {
      resolve(`${error ? "failed" : "passed"}\n${out}${err}`);
    });
  });

test("the matchers work in Vitest", async () => {
  const args = ["run", "--root", ".", "--dir", "."];
  const config = ["--config", "vitest.config.mjs"];
  const said = await run("vitest/vitest.mjs", [...args, ...config]);
  assert.match(said, /^passed/, said);
  assert.match(said, /1 passed/);
});

test("the fixture works in Playwright's runner, with and without a gateway", async () => {
  const folder = await mkdtemp(join(RUNNERS, ".playwright-"));
  const launchOptions = {
    executablePath: chromiumPath(),
    // The shop's page comes from a route, which Chromium takes for a public site.
    args: [
      ...CHROMIUM_FLAGS,
      "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights",
    ],
  };
  const config = {
    testDir: RUNNERS,
    testMatch: "*.pw.mjs",
    outputDir: join(folder, "results"),
    workers: 1,
    use: { launchOptions },
  };
  const path = join(folder, "playwright.config.mjs");
  await writeFile(path, `export default ${JSON.stringify(config)};\n`);
  try {
    const args = ["test", "--config", path, "--reporter", "line"];
    const env = { WAYMARK_GATEWAY_BIN: gatewayProgram() };
    const said = await run("@playwright/test/cli.js", args, env);
    assert.match(said, /^passed/, said);
    assert.match(said, /4 passed/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a gateway that is running is collected from by its addresses", async () => {
  const gateway = await startGateway();
  const options = { gatewayUrl: gateway.url, adminUrl: gateway.adminUrl };
  const collector = await collect({ ...options, writeKey: "demo-server-key" });
  try {
    const track = { type: "track", event: "E", userId: "u", messageId: "m" };
    const body = { writeKey: collector.writeKey, batch: [track, track] };
    const url = `http://${collector.apiHost}/batch`;
    await fetch(url, { method: "POST", body: JSON.stringify(body) });
    const event = await collector.waitForTrack("E");
    assert.equal(event.userId, "u");
    assert.equal(collector.events.length, 1);
  } finally {
    await collector.close();
    await gateway.stop();
  }
});
