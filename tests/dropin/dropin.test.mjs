// @ts-check
// An app written for `@segment/analytics-next`, built by Vite and by webpack, unchanged and with
// the import changed to the packed package; both send the same events to the real gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import "../support/watchdog.mjs";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { installPacked } from "../support/packed-package.mjs";
import { servePage } from "../support/page-server.mjs";
import { ROOT } from "../support/program.mjs";
import { buildWithVite, buildWithWebpack } from "./bundlers.mjs";

const PEER = "@segment/analytics-next";
/** Number of events that a visit and a click send. */
const EVENTS = 8;

const run = promisify(execFile);
const HERE = import.meta.dirname;

/** @type {string} */
let folder;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-dropin-"));
  await installPacked(join(folder, "node_modules"));
  for (const variant of [PEER, "waymark"]) await copyApp(variant);
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} variant */
const appFolder = (variant) => join(folder, variant === PEER ? "peer" : "ours");

/** Copies the app; for Waymark only the import changes. @param {string} variant */
async function copyApp(variant) {
  const to = appFolder(variant);
  await cp(join(HERE, "app"), to, { recursive: true });
  for (const name of await readdir(join(to, "src"))) {
    const path = join(to, "src", name);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll(`"${PEER}"`, `"${variant}"`));
  }
}

/** @param {string} project a tsconfig @returns {Promise<string>} the compiler's output */
async function typeErrors(project) {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "--noEmit", "--project", project];
  return run(process.execPath, args).then(
    ({ stdout }) => stdout,
    (error) => error.stdout,
  );
}

/** Every file below `dist` by the path it is served under. @param {string} dist */
async function served(dist) {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const at = relative(dist, path).split(sep).join("/");
      return [`/${at}`, await readFile(path)];
    });
  return Object.fromEntries(await Promise.all(files));
}

/** Visits a build; returns what the page saw and what the gateway stored. @param {string} dist */
async function visit(dist) {
  const gateway = await startGateway();
  const site = await servePage(await served(dist));
  const page = await (await browser.newContext()).newPage();
  /** @type {string[]} */
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  try {
    const api = encodeURIComponent(`${gateway.host}/v1`);
    await page.goto(`${site.origin}/index.html?api=${api}`);
    await page.waitForFunction("window.visit?.done");
    await page.click("button");
    await page.waitForFunction(`document.querySelector("output").value`);
    const stored = await gateway.waitForEvents(EVENTS);
    const seen = {
      done: await page.evaluate("window.visit.done"),
      said: await page.textContent("output"),
      troubles,
      events: stored.map(({ event }) => comparable(event)),
    };
    const text = JSON.stringify(seen)
      .replaceAll(site.origin, "http://shop")
      .replaceAll(encodeURIComponent(gateway.host), "gateway");
    return JSON.parse(text);
  } finally {
    await page.context().close();
    await site.close();
    await gateway.stop();
  }
}

/** An event without its ids, times and the client's name. @param {any} event */
function comparable(event) {
  const { messageId, timestamp, sentAt, receivedAt, _metadata, ...rest } =
    event;
  assert.ok(messageId && timestamp);
  const { library, ...context } = rest.context;
  assert.ok(library.name);
  const previousId = rest.previousId && "an id";
  return { ...rest, anonymousId: "an id", previousId, context };
}

test("code that uses every exported type compiles against either package", async () => {
  for (const name of ["segment", "waymark", "nodenext"]) {
    const project = join(HERE, "types", `tsconfig.${name}.json`);
    assert.equal(await typeErrors(project), "", name);
  }
});

test("the app's types hold with the import changed", async () => {
  for (const variant of [PEER, "waymark"]) {
    assert.equal(await typeErrors(appFolder(variant)), "", variant);
  }
});

for (const [bundler, build] of /** @type {const} */ ([
  ["Vite", buildWithVite],
  ["webpack", buildWithWebpack],
])) {
  test(`built by ${bundler}, the app sends the same events with the import changed`, async () => {
    const [peers, ours] = [
      await visit(await build(appFolder(PEER))),
      await visit(await build(appFolder("waymark"))),
    ];
    assert.equal(peers.events.length, EVENTS);
    assert.deepEqual(ours, peers);
    assert.deepEqual(ours.troubles, []);
  });
}
