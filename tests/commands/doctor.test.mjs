// @ts-check
// `npx waymark doctor`: against a gateway that is well, and one for each thing that can be wrong.
import assert from "node:assert/strict";
import { createServer, request as requestOf } from "node:http";
import { after, before, test } from "node:test";
import { listen, shut } from "../support/local-server.mjs";
import { startGateway } from "../support/gateway.mjs";
import { waymark } from "./command.mjs";

const KEY = "shop-server-key";
const ORIGIN = "https://shop.example";
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
before(async () => {
  gateway = await startGateway({
    sources: [
      {
        name: "shop",
        allowedOrigins: [ORIGIN],
        keys: [{ key: KEY, kind: "server" }],
      },
      {
        name: "other",
        allowedOrigins: ["https://other.example"],
        keys: [{ key: "other-key", kind: "browser" }],
      },
    ],
  });
});
after(() => gateway?.stop());

/**
 * What it says of each check.
 *
 * @param {string} url
 * @param {...string} flags
 */
async function examined(url, ...flags) {
  const said = await waymark(["doctor", url, "--key", KEY, ...flags]);
  /** @type {Record<string, string>} */
  const checks = {};
  for (const line of said.out.trimEnd().split("\n")) {
    const [, result = "", name = ""] = /^(\w+) +(\w+) /.exec(line) ?? [];
    checks[name] = result;
  }
  return { ...said, checks };
}

/**
 * A proxy before the gateway, which changes answers.
 *
 * @param {(headers: import("node:http").IncomingHttpHeaders, method: string) => void} change
 * @param {(url: string) => Promise<void>} during
 */
async function behindProxy(change, during) {
  const proxy = createServer((request, response) => {
    const { method = "", url, headers } = request;
    const passed = requestOf(`${gateway.url}${url}`, { method, headers });
    passed.on("response", (answer) => {
      const own = { ...answer.headers };
      change(own, method);
      response.writeHead(answer.statusCode ?? 500, own);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  const host = await listen(proxy);
  try {
    await during(`http://${host}`);
  } finally {
    await shut(proxy);
  }
}

test("all is well, and its event is stored once", async () => {
  const said = await examined(gateway.url, "--origin", ORIGIN);
  assert.deepEqual([said.code, said.error], [0, ""]);
  assert.deepEqual(said.checks, {
    host: "ok",
    clock: "ok",
    cors: "ok",
    key: "ok",
    event: "ok",
  });
  const [id = ""] = /doctor-[\w-]+/.exec(said.out) ?? [];
  const all = await gateway.exportEvents();
  const [own, ...more] = all.filter(({ messageId }) => messageId === id);
  assert.deepEqual(more, []);
  assert.equal(own?.event.event, "Waymark Doctor");
  assert.deepEqual(own?.event.integrations, { All: false });
});

test("--no-event stores nothing, and without an origin CORS is skipped", async () => {
  const before = (await gateway.exportEvents()).length;
  const said = await examined(gateway.url, "--no-event");
  assert.equal(said.code, 0);
  assert.equal(said.checks.cors, "skipped");
  assert.equal(said.checks.event, "skipped");
  assert.equal((await gateway.exportEvents()).length, before);
});

test("a host that does not answer fails, and the rest is skipped", async () => {
  const server = createServer();
  const host = await listen(server);
  await shut(server);
  const said = await examined(`http://${host}`);
  assert.equal(said.code, 1);
  assert.deepEqual(said.checks, {
    host: "FAILED",
    clock: "skipped",
    cors: "skipped",
    key: "skipped",
    event: "skipped",
  });
  assert.match(said.out, /refuses connections: is the gateway running/);
});

test("what answers but is no gateway is told", async () => {
  const server = createServer((_, response) => response.end("<html>"));
  const host = await listen(server);
  try {
    const said = await examined(`http://${host}`);
    assert.match(said.out, /^FAILED +host .*without the API's JSON/);
  } finally {
    await shut(server);
  }
});

test("the admin listener is not mistaken for the public one", async () => {
  const said = await examined(gateway.adminUrl);
  assert.equal(said.code, 1);
  assert.equal(said.checks.key, "FAILED");
  assert.match(said.out, /404 not_found/);
});

for (const [seconds, which] of [
  [-600, "600 s ahead of"],
  [600, "600 s behind"],
]) {
  test(`a clock ${which} the gateway's is told`, async () => {
    await behindProxy(
      (headers) => {
        const at = Date.now() + Number(seconds) * 1000;
        headers.date = new Date(at).toUTCString();
      },
      async (url) => {
        const said = await examined(url);
        assert.deepEqual([said.code, said.checks.clock], [1, "FAILED"]);
        assert.match(said.out, /\d s (ahead of|behind) the gateway's: set/);
        assert.ok(said.out.includes(String(which).replace(/^\d+/, "")));
        assert.equal(said.checks.event, "ok");
      },
    );
  });
}

test("an origin that no source lists is refused", async () => {
  const said = await examined(gateway.url, "--origin", "https://evil.example");
  assert.deepEqual([said.code, said.checks.cors], [1, "FAILED"]);
  assert.match(said.out, /add "https:\/\/evil.example" to allowed_origins/);
});

test("an origin that only another source lists is refused", async () => {
  const said = await examined(gateway.url, "--origin", "https://other.example");
  assert.deepEqual([said.code, said.checks.cors], [1, "FAILED"]);
});

test("an address with a path is no origin", async () => {
  const said = await examined(gateway.url, "--origin", `${ORIGIN}/cart`);
  assert.match(said.out, /such as https:\/\/shop.example\n/);
  const bare = await examined(gateway.url, "--origin", "shop.example");
  assert.match(bare.out, /shop.example is no origin: .*https:\/\/shop/);
});

test("a proxy that drops the headers of preflights is told", async () => {
  await behindProxy(
    (headers, method) => {
      if (method !== "OPTIONS") return;
      delete headers["access-control-allow-origin"];
    },
    async (url) => {
      const said = await examined(url, "--origin", ORIGIN);
      assert.deepEqual([said.code, said.checks.cors], [1, "FAILED"]);
      assert.match(said.out, /Allow-Origin missing: let the proxy pass/);
    },
  );
});

test("an unknown key is told, and no event is tried", async () => {
  const said = await examined(gateway.url, "--key", "none");
  assert.equal(said.code, 1);
  assert.equal(said.checks.key, "FAILED");
  assert.equal(said.checks.event, "skipped");
  assert.match(said.out, /the key belongs to no source: add it/);
  assert.match(said.error, /^waymark: not all is well .*\n$/);
});
