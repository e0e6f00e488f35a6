// @ts-check
// The packed package where there is no document: web workers and service workers, which send for
// real, with their identity in memory and their journal in IndexedDB.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { ROOT } from "../support/program.mjs";

/** A page that hands messages to its worker, of either kind, and notes what is answered. */
const PAGE = `<!doctype html><title>Workers</title><link rel="icon" href="data:,">
<script>
  const answers = [], errors = [];
  const noted = (port) => (port.onmessage = ({ data }) => answers.push(data));
  function start(type) {
    const worker = new Worker("/worker.js", { type });
    worker.onerror = ({ message }) => errors.push(message);
    noted(worker);
    return worker;
  }
  async function serve() {
    const { port1, port2 } = new MessageChannel();
    await navigator.serviceWorker.register("/worker.js");
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({}, [port2]);
    noted(port1);
    return port1;
  }
</script>`;

/** What every worker does once it has the package as `AnalyticsBrowser`. */
const WORK = `
  const perform = async ({ data: [method, ...args] }, port) => {
    try {
      await client[method](...args);
      port.postMessage(method);
    } catch (error) {
      port.postMessage(method + ": " + error);
    }
  };
  if (self.clients) {
    self.onmessage = ({ ports: [port] }) => {
      port.onmessage = (event) => perform(event, port);
    };
  } else self.onmessage = (event) => perform(event, self);
`;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").BrowserContext} */
let context;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof servePage>>} */
let site;
/** @type {string[]} */
let troubles;

before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());
beforeEach(async () => {
  gateway = await startGateway();
  context = await browser.newContext();
  troubles = [];
});
afterEach(async () => {
  await context.close();
  await site.close();
  await gateway.stop();
});

const load = () => `load({ writeKey: "demo-browser-key" }, {
  flushInterval: 100,
  integrations: { "Segment.io": { apiHost: "${gateway.host}/v1", protocol: "http" } },
})`;

/** @param {string} worker its script */
async function open(worker) {
  site = await servePage({
    ...(await packageFiles()),
    "/": PAGE,
    "/worker.js": worker,
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (/error|warning/.test(message.type())) troubles.push(message.text());
  });
  await page.goto(`${site.origin}/`);
  return page;
}

const MODULE = () => `import { AnalyticsBrowser } from "/waymark/index.js";
  const client = AnalyticsBrowser.${load()};${WORK}`;
const CLASSIC = () => `importScripts("/waymark/waymark.iife.js");
  const client = analytics;
  client.${load()};${WORK}`;

/**
 * Has a worker make these calls, and waits until all are answered.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} worker what it is in the page
 * @param {unknown[][]} calls
 */
async function ask(page, worker, calls) {
  await page.evaluate(
    `(async () => {
      const worker = window.worker ??= await ${worker};
      for (const call of ${JSON.stringify(calls)}) worker.postMessage(call);
    })()`,
  );
  const answered = () => page.evaluate("[answers, errors]");
  await eventually(async () => (await answered())[0].length === calls.length, {
    what: () => `${calls.length} answers`,
  });
  const [answers, errors] = await answered();
  const methods = calls.map(([method]) => method);
  assert.deepEqual([answers.sort(), errors], [methods.sort(), []]);
}

const CALLS = [
  ["setAnonymousId", "a1"],
  ["page", "Home"],
  ["identify", "user_1", { plan: "gold" }],
  ["track", "Worked", { price: 49.5 }],
  ["user"],
];

/** @param {string} kind */
async function assertStored(kind) {
  const stored = await gateway.waitForEvents(3);
  const events = stored.map(({ event }) => event);
  assert.deepEqual(
    events.map(({ type, anonymousId }) => [type, anonymousId]),
    [
      ["page", "a1"],
      ["identify", "a1"],
      ["track", "a1"],
    ],
    kind,
  );
  const track = events[2];
  assert.equal(track.userId, "user_1");
  assert.deepEqual(track.properties, { price: 49.5 });
  assert.match(track.context.userAgent, /Chrome/);
  assert.equal(track.context.page.url, "");
  assert.deepEqual(troubles, []);
}

test("a module worker sends", async () => {
  const page = await open(MODULE());
  await ask(page, `start("module")`, CALLS);
  await assertStored("module");
});

test("a classic worker sends through the script-tag build, and finds the wasm beside it", async () => {
  const page = await open(CLASSIC());
  await ask(page, `start("classic")`, CALLS);
  await assertStored("classic");
});

test("a service worker sends through the script-tag build", async () => {
  const page = await open(CLASSIC());
  await ask(page, "serve()", CALLS);
  await assertStored("service");
});

test("a service worker sends through waymark/inline, built into one script", async () => {
  const { outputFiles } = await build({
    bundle: true,
    format: "iife",
    logLevel: "error",
    stdin: {
      contents: MODULE().replace("/waymark/index.js", "waymark/inline"),
      resolveDir: ROOT,
    },
    write: false,
  });
  const page = await open(outputFiles[0]?.text ?? "");
  await ask(page, "serve()", CALLS);
  await assertStored("inline");
});

test("what a worker could not send, the next one sends from the journal", async () => {
  const page = await open(MODULE());
  const { folder, host } = gateway;
  await gateway.kill();
  await ask(page, `start("module")`, [["track", "Kept"]]);
  await eventually(() => page.evaluate(countRecords), { what: "a record" });
  await page.evaluate(
    "worker.terminate(), delete window.worker, answers.length = 0",
  );
  gateway = await startGateway({ folder, listen: host });
  await ask(page, `start("module")`, [["user"]]);
  const [stored] = await gateway.waitForEvents(1);
  assert.equal(stored?.event.event, "Kept");
});

/** How many records the journal has. @returns {Promise<number>} */
function countRecords() {
  return new Promise((done, fail) => {
    const opened = indexedDB.open("waymark");
    opened.onerror = fail;
    opened.onsuccess = () => {
      const database = opened.result;
      if (!database.objectStoreNames.contains("records")) return done(0);
      const count = database
        .transaction("records")
        .objectStore("records")
        .count();
      count.onsuccess = () => {
        database.close();
        done(count.result);
      };
    };
  });
}
