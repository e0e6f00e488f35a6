// @ts-check
// Ways to the core and to the API that are shut: files that are not wasm, an API that refuses the
// headers of a monitoring agent, a page that forbids what would go round it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { listen, shut } from "../support/local-server.mjs";
import {
  names,
  setScene,
  settledDelivery,
  tracking,
} from "../faults/scene.mjs";

const scene = setScene();
const WASM = "/waymark/waymark_bg.wasm";
const SCRIPT = "/waymark/core-script.js";
const text = (/** @type {string} */ body) => new TextEncoder().encode(body);

/** What a deploy under way, or a broken cache, answers with 200. @type {Record<string, Uint8Array>} */
const NOT_WASM = {
  "a page of HTML": text("<!doctype html><title>Soon back</title>"),
  nothing: new Uint8Array(),
  "the first bytes of a wasm file": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0),
  "a wasm file of a version to come": Uint8Array.of(
    0,
    0x61,
    0x73,
    0x6d,
    2,
    0,
    0,
    0,
  ),
  "noise with the magic number": Uint8Array.of(
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    9,
    9,
    9,
  ),
};

// With the core as JavaScript none of this is asked for.
const withWasm = { skip: process.env.WAYMARK_ENGINE === "js" };

for (const [what, body] of Object.entries(NOT_WASM)) {
  for (const times of [1, 2]) {
    test(
      `${what} instead of wasm, ${times} times: not taken for a refusal`,
      withWasm,
      async () => {
        let asked = 0;
        /** @type {string[]} */
        const fetched = [];
        scene.shop.fault = (path) => {
          fetched.push(path);
          return path === WASM && asked++ < times ? { body } : {};
        };
        const page = await scene.visit();
        await page.evaluate(tracking(names(3)));
        await page.evaluate("analytics.ready()");
        await scene.expectOnce(names(3));
        assert.equal(fetched.includes(SCRIPT), times > 1);
        assert.equal(
          await page.evaluate("localStorage['waymark:engine']"),
          undefined,
        );
        fetched.length = 0;
        await page.goto(scene.shop.url("/next"));
        await page.evaluate("analytics.track('Next')");
        await page.evaluate("analytics.ready()");
        await scene.expectOnce([...names(3), "Next"]);
        assert.ok(fetched.includes(WASM) && !fetched.includes(SCRIPT));
      },
    );
  }
}

test("wasm that breaks off is got another way", withWasm, async () => {
  let asked = 0;
  await scene.context.route(`**${WASM}`, (route) =>
    asked++ === 0 ? route.abort("connectionreset") : route.continue(),
  );
  const page = await scene.visit();
  await page.evaluate(tracking(names(3)));
  await page.evaluate("analytics.ready()");
  await scene.expectOnce(names(3));
  assert.equal(asked, 2);
});

/** An API on another origin that stores at the gateway and allows no header that it does not know. */
const strict = {
  host: "",
  /** Methods of the requests so far. @type {string[]} */
  asked: [],
  server: createServer(async (request, response) => {
    strict.asked.push(request.method ?? "");
    response.setHeader("access-control-allow-origin", "*");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    /** @type {Buffer[]} */
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const stored = await fetch(`${scene.gateway.url}${request.url}`, {
      method: "POST",
      body: Buffer.concat(chunks),
    });
    response.writeHead(stored.status).end(await stored.text());
  }),
};
before(async () => {
  strict.host = await listen(strict.server);
});
after(() => shut(strict.server));

const ON_FETCH = `const real = globalThis.fetch;
  globalThis.fetch = (url, init) => {
    const headers = { ...init?.headers, ...AGENT };
    return real(url, new URL(url, location.href).origin === origin ? init : { ...init, headers });
  };`;
const ON_XHR = `const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    for (const [name, value] of Object.entries(AGENT)) this.setRequestHeader(name, value);
    send.call(this, body);
  };`;
const NO_FRAMES = `const make = Document.prototype.createElement;
  Document.prototype.createElement = function (name) {
    if (name === "iframe") throw new Error("no frames");
    return make.call(this, name);
  };`;

/** What a monitoring agent adds. @type {Record<string, Record<string, string>>} */
const AGENTS = {
  traceparent: {
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  },
  "sentry-trace and baggage": {
    "sentry-trace": "1-1-1",
    baggage: "sentry-release=1",
  },
  "x-datadog-trace-id": {
    "x-datadog-trace-id": "1",
    "x-datadog-origin": "rum",
  },
  newrelic: { newrelic: "e30=" },
};

/** Opens a page with an agent, whose events go to the strict API. @param {object} headers @param {string} code */
async function visitWithAgent(headers, code) {
  strict.asked = [];
  scene.shop.options = {
    integrations: {
      "Segment.io": { apiHost: `${strict.host}/v1`, protocol: "http" },
    },
  };
  await scene.context.addInitScript(
    `if (location.pathname === "/") { const AGENT = ${JSON.stringify(headers)}; ${code} }`,
  );
  return scene.visit();
}

for (const [what, headers] of Object.entries(AGENTS)) {
  test(`an API that refuses ${what} gets events and acknowledges them`, async () => {
    const page = await visitWithAgent(headers, ON_FETCH + ON_XHR);
    await page.evaluate(tracking(names(5)));
    await scene.expectOnce(names(5));
    assert.equal((await settledDelivery(page)).acknowledged, 5);
    const before = strict.asked.length;
    await page.evaluate(tracking(names(5, "Later")));
    await scene.expectOnce([...names(5), ...names(5, "Later")]);
    assert.equal((await settledDelivery(page)).acknowledged, 10);
    assert.deepEqual(
      strict.asked.slice(before),
      ["POST"],
      "the way that works is kept",
    );
  });
}

test("where no other fetch is to be had, events go by beacon once, and wait for an answer", async () => {
  const page = await visitWithAgent(
    AGENTS["traceparent"] ?? {},
    ON_FETCH + ON_XHR + NO_FRAMES,
  );
  await page.evaluate(tracking(names(5)));
  await scene.expectOnce(names(5));
  await page.evaluate("analytics.track('Later')");
  await scene.expectOnce([...names(5), "Later"]);
  const posts = () => strict.asked.filter((method) => method === "POST").length;
  const refused = strict.asked.length;
  await eventually(() => strict.asked.length > refused);
  assert.equal(posts(), 2, "no event goes by beacon again");
  const delivery = /** @type {any} */ (
    await page.evaluate("analytics.delivery()")
  );
  assert.deepEqual([delivery.acknowledged, delivery.pending], [0, 6]);
  await page.goto(scene.shop.url("/without-agent"));
  await eventually(
    async () => (await settledDelivery(page)).acknowledged === 6,
  );
  await scene.expectOnce([...names(5), "Later"]);
});
