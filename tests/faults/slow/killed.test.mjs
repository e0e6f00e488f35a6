// @ts-check
// The browser is killed as by a power cut: what it had committed is sent when it starts again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import "../../support/watchdog.mjs";
import { CHROMIUM_FLAGS, chromiumPath } from "../../support/chromium.mjs";
import { eventually } from "../../support/eventually.mjs";
import { committed } from "../journal.mjs";
import { names, setScene, tracking } from "../scene.mjs";

const scene = setScene(null);
const run = promisify(execFile);

/** @param {string} profile its folder */
async function openBrowser(profile) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    args: CHROMIUM_FLAGS,
  });
  scene.watch(context);
  return context;
}

/** @param {import("../../support/browser.mjs").Page} page */
const isClosed = (page) =>
  /** @type {import("playwright-core").Page} */ (page).isClosed();

/** Kills every process of the browser with this profile. @param {string} profile */
async function killBrowser(profile) {
  const { stdout } = await run("ps", ["-eo", "pid,args"]);
  const lines = stdout.split("\n").filter((line) => line.includes(profile));
  for (const line of lines) {
    try {
      process.kill(Number.parseInt(line, 10), "SIGKILL");
    } catch {
      // It ended with another.
    }
  }
  assert.ok(lines.length > 0);
}

for (const killedAfterMs of [50, 300]) {
  for (const warm of [false, true]) {
    const name = `${warm ? "warm" : "cold"} browser killed ${killedAfterMs} ms after the call`;
    test(name, async (context) => {
      const profile = await mkdtemp(join(tmpdir(), "waymark-profile-"));
      try {
        scene.relay.fate = () => "reset";
        await openBrowser(profile);
        const page = await scene.visit();
        if (warm) await page.evaluate("analytics.ready()");
        await page.evaluate(tracking(names(10)));
        await pause(killedAfterMs);
        await killBrowser(profile);
        await eventually(() => isClosed(page));
        scene.relay.fate = () => "pass";
        await openBrowser(profile);
        const next = await scene.visit("/next");
        await next.evaluate("analytics.track('Next')");
        await scene.gateway.waitForEvents(1);
        await eventually(async () => (await committed(next)) === 0);
        const stored = await scene.stored();
        assert.equal(
          new Set(stored).size,
          stored.length,
          "no event is stored twice",
        );
        context.diagnostic(`${stored.length - 1} of 10 had been committed`);
      } finally {
        await scene.context.close();
        await rm(profile, { recursive: true, force: true });
      }
    });
  }
}

test("what was committed when the browser was killed arrives", async () => {
  const profile = await mkdtemp(join(tmpdir(), "waymark-profile-"));
  try {
    scene.relay.fate = () => "reset";
    await openBrowser(profile);
    const page = await scene.visit();
    await page.evaluate(tracking(names(10)));
    await eventually(async () => (await committed(page)) === 10);
    await killBrowser(profile);
    await eventually(() => isClosed(page));
    scene.relay.fate = () => "pass";
    await openBrowser(profile);
    await scene.visit("/next");
    await scene.expectOnce(names(10));
  } finally {
    await scene.context.close();
    await rm(profile, { recursive: true, force: true });
  }
});
