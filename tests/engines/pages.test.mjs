// @ts-check
// Where browsers differ: the journal, a page that is left, and a strict policy.
import assert from "node:assert/strict";
import {
  after,
  afterEach,
  before,
  beforeEach,
  describe,
  test,
} from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { HAS_DATABASE } from "./database.mjs";
import { enginesHere } from "./engines.mjs";

/** Whether a page may write to the SDK's database, for the body of a function. */
const WRITES = `return new Promise((done) => {
  setTimeout(done, 5000, false);
  const opening = indexedDB.open("waymark");
  opening.onsuccess = () => {
    const database = opening.result;
    const transaction = database.transaction("records", "readwrite");
    transaction.objectStore("records").getAllKeys();
    transaction.oncomplete = () => {
      database.close();
      done(true);
    };
  };
})`;

for (const engine of enginesHere()) {
  describe(engine.name, () => {
    /** @type {import("./webdriver.mjs").Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startGateway>>} */
    let gateway;
    /** @type {Awaited<ReturnType<typeof servePage>>} */
    let site;

    before(async () => {
      browser = await engine.launch();
    });
    after(() => browser?.close());
    beforeEach(async () => {
      gateway = await startGateway();
    });
    afterEach(async () => {
      await site.close();
      await gateway.stop();
    });

    /** @param {Record<string, string>} [headers] */
    async function open(headers = {}) {
      const start = `import { AnalyticsBrowser } from "/waymark/index.js";
    window.errors = [];
    addEventListener("error", ({ message }) => errors.push(message));
    window.analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" },
      { integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } } },
    );`;
      const html = `<!doctype html><title>Shop</title><link rel="icon" href="data:,">`;
      const files = {
        ...(await packageFiles()),
        "/": `${html}<script type="module" src="/start.js"></script>`,
        "/away": html,
        "/start.js": start,
      };
      site = await servePage(files, headers);
      await browser.goto(`${site.origin}/`);
      await eventually(() => browser.evaluate("return !!window.analytics"));
    }

    /** Paths of the package's files that were fetched. @returns {Promise<string[]>} */
    const fetched = () =>
      browser.evaluate(
        `return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)`,
      );

    test("events of a page that is left at once arrive", async () => {
      await open();
      await browser.evaluate(
        `for (let number = 0; number < 5; number++) analytics.track("Left " + number);
     location.href = "/away";`,
      );
      await eventually(
        async () =>
          (await browser.evaluate("return location.pathname")) === "/away",
        { what: "the other page" },
      );
      await browser.goto(`${site.origin}/`);
      const stored = await gateway.waitForEvents(5);
      assert.deepEqual(
        stored.map(({ event }) => event.event).sort(),
        [0, 1, 2, 3, 4].map((number) => `Left ${number}`),
      );
      assert.deepEqual(await browser.evaluate("return errors"), []);
    });

    test("what could not be sent is kept in the journal, and the next page sends it", async () => {
      await open();
      await eventually(() => browser.evaluate(HAS_DATABASE));
      await browser.evaluate(`analytics.track("Before")`);
      await gateway.waitForEvents(1);
      const { folder, host } = gateway;
      await gateway.kill();
      await browser.evaluate(`analytics.track("Kept")`);
      await browser.goto(`${site.origin}/away`);
      gateway = await startGateway({ folder, listen: host });
      await browser.goto(`${site.origin}/`);
      const [, kept] = await gateway.waitForEvents(2);
      assert.equal(kept?.event.event, "Kept");
    });

    test("a page that is left, and kept for a return, keeps no other from the database", async () => {
      await open();
      await eventually(() => browser.evaluate(HAS_DATABASE));
      for (let round = 0; round < 12; round++) {
        // WebKit suspends it in the middle of what it does.
        await browser.evaluate(`addEventListener("pagehide", () => analytics.track("Left"));
          analytics.track("Here")`);
        await browser.goto(`${site.origin}/away`);
        assert.equal(await browser.evaluate(WRITES), true, `${round}`);
        await browser.goto(`${site.origin}/`);
        await eventually(() => browser.evaluate("return !!window.analytics"));
      }
    });

    test("a page that refuses wasm gets the core as JavaScript", async () => {
      await open({
        "content-security-policy": `default-src 'none'; img-src data:; connect-src 'self' ${gateway.url}; script-src 'self'`,
      });
      await browser.evaluate(`analytics.track("Strict")`);
      const [stored] = await gateway.waitForEvents(1);
      assert.equal(stored?.event.event, "Strict");
      // The page's script may have sent the event before the core came.
      await eventually(
        async () => (await fetched()).includes("/waymark/core-script.js"),
        { what: "the core as JavaScript" },
      );
      assert.deepEqual(await browser.evaluate("return errors"), []);
    });
  });
}
