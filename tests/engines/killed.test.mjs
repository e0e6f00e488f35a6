// @ts-check
// Browsers and their tabs that are killed while the server is down: what was recorded arrives once.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { committed as committedIn } from "../faults/journal.mjs";
import { startRelay } from "../faults/relay.mjs";
import { names, tracking } from "../faults/scene.mjs";
import { startShop } from "../faults/shop.mjs";
import { enginesHere } from "./engines.mjs";
import { killBrowser, killProcess } from "./processes.mjs";

for (const engine of enginesHere()) {
  describe(engine.name, () => {
    let profile = "";
    /** @type {import("./webdriver.mjs").Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startGateway>>} */
    let gateway;
    /** @type {Awaited<ReturnType<typeof startRelay>>} */
    let relay;
    /** @type {Awaited<ReturnType<typeof startShop>>} */
    let shop;

    beforeEach(async () => {
      profile = await mkdtemp(join(tmpdir(), "waymark-profile-"));
      gateway = await startGateway();
      relay = await startRelay(gateway.host);
      shop = await startShop(relay.host);
      relay.fate = () => "reset";
      browser = await engine.launch({}, profile);
      await visit("/");
    });
    afterEach(async () => {
      await killBrowser(browser);
      await shop.close();
      await relay.close();
      await gateway.stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    });

    const committed = () =>
      committedIn(
        /** @type {any} */ ({
          evaluate: (/** @type {string} */ code) =>
            browser.evaluate(`return ${code}`),
        }),
      );

    /** Opens a page, whose script WebKit's driver does not wait for. @param {string} path */
    async function visit(path) {
      await browser.goto(shop.url(path));
      await eventually(() => browser.evaluate("return !!window.analytics"));
    }

    /** The server is there again, and so is the visitor. */
    async function comeBack() {
      relay.fate = () => "pass";
      await visit("/next");
      await browser.evaluate(`analytics.track("Next")`);
      const stored = await gateway.waitForEvents(11);
      await eventually(async () => (await committed()) === 0);
      assert.deepEqual(
        stored.map(({ event }) => event.event).sort(),
        [...names(10), "Next"].sort(),
      );
    }

    test("a browser that is killed leaves what it had committed to the next one", async () => {
      await browser.evaluate(tracking(names(10)));
      await eventually(async () => (await committed()) === 10);
      await killBrowser(browser);
      browser = await engine.launch({}, profile);
      await comeBack();
    });

    test("a tab whose process is killed leaves what it had committed", async () => {
      await browser.evaluate(tracking(names(10)));
      await eventually(async () => (await committed()) === 10);
      if (engine.name === "WebKit") {
        await killProcess(browser, "WebKitWebProces");
        // Its driver gives up, the browser does not.
        await killBrowser(browser);
        browser = await engine.launch({}, profile);
      } else {
        const { handle } = await browser.ask("POST", "/window/new", {
          type: "tab",
        });
        await killProcess(browser, "Isolated Web Co");
        await browser.ask("POST", "/window", { handle });
      }
      await comeBack();
    });
  });
}
