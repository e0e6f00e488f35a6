// @ts-check
// Seeded secrets in real pages: none reaches the browser's storage or the wire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { committed } from "../faults/journal.mjs";
import { Randomness } from "./randomness.mjs";
import { setScene } from "./scene.mjs";

const scene = setScene();
const CALLS = 25;

/** In the page: everything its origin has stored, as text. */
const STORED = `const databases = await indexedDB.databases();
  const stores = databases.map(({ name }) => new Promise((done, failed) => {
    const open = indexedDB.open(name);
    open.onerror = () => failed(open.error);
    open.onsuccess = async () => {
      const database = open.result;
      const names = [...database.objectStoreNames];
      const all = names.map((name) => new Promise((got) => {
        const asked = database.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => got(asked.result);
      }));
      done(await Promise.all(all));
      database.close();
    };
  }));
  return JSON.stringify([await Promise.all(stores), { ...localStorage }, { ...sessionStorage }, document.cookie]);`;

/** Code that makes random calls, each on a page of its own, and their secrets. @param {number} seed */
function randomCalls(seed) {
  const random = new Randomness(seed);
  const calls = Array.from({ length: CALLS }, () => random.call());
  const code = calls.map(({ page: [href, , , title, referrer], args }) => {
    const { pathname, search, hash } = new URL(href);
    const at = JSON.stringify(pathname + search + hash);
    return `history.replaceState({}, "", ${at});
      document.title = ${JSON.stringify(title)};
      Object.defineProperty(document, "referrer", { value: ${JSON.stringify(referrer)}, configurable: true });
      analytics.track("Random", ${JSON.stringify(args)});
      analytics.page("Views", ${JSON.stringify(args)});
      analytics.identify(${JSON.stringify(args)});`;
  });
  return {
    code: code.join("\n"),
    secrets: calls.flatMap((one) => one.secrets),
  };
}

/** @param {string} where @param {string} text @param {readonly string[]} secrets */
function assertNone(where, text, secrets) {
  for (const secret of secrets) {
    assert.ok(!text.includes(secret), `${secret} is in ${where}`);
  }
}

const OPTIONS = `extensions: [
  entry.redaction({ properties: true, deny: ["note"] }),
]`;

test("seeded secrets never reach the disk while calls wait for the core", async () => {
  const lacks = /\.wasm$|core-script|\/v1\/b$/;
  await scene.context.route(lacks, (route) => route.abort());
  await scene.visit();
  const { code, secrets } = randomCalls(1);
  await scene.start(code, OPTIONS, "redaction/index");
  await eventually(async () => (await committed(scene.page)) === 3 * CALLS);
  const stored = await scene.run(STORED);
  assert.match(stored, /redacted/);
  assertNone("the browser's storage", stored, secrets);
});

test("seeded secrets never reach the disk or the wire of a running client", async () => {
  await scene.visit();
  /** @type {string[]} */
  const sent = [];
  scene.context.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.postData() ?? "");
  });
  const { code, secrets } = randomCalls(2);
  await scene.start(`await analytics; ${code}`, OPTIONS, "redaction/index");
  assertNone("storage", await scene.run(STORED), secrets);
  const events = await scene.gateway.waitForEvents(3 * CALLS);
  const wire = JSON.stringify(events);
  assert.match(wire, /redacted/);
  assertNone("the events", wire, secrets);
  assertNone("the requests", sent.join("\n"), secrets);
  assertNone("storage", await scene.run(STORED), secrets);
});

test("redaction leaves properties alone by default", async () => {
  await scene.visit("/shop.html?q=jo%40mail.example");
  await scene.start(
    `analytics.track("Said", { review: "4111 1111 1111 1111" });`,
    `extensions: [entry.redaction()]`,
    "redaction/index",
  );
  const [stored] = await scene.gateway.waitForEvents(1);
  const { context, properties } = stored?.event ?? {};
  assert.equal(properties.review, "4111 1111 1111 1111");
  assert.equal(context.page.search, "?q=redacted");
});
