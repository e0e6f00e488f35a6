// @ts-check
// The recipe for Caddy, in the real Caddy before the real gateway, with a certificate of the test's.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { freePort } from "../support/local-server.mjs";
import { ROOT, gatewayProgram } from "../support/program.mjs";
import { NAME, bodyOf, client, makeCertificate } from "./proxy.mjs";

const run = promisify(execFile);
const EVENT = { type: "track", event: "A", anonymousId: "visitor" };

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("node:child_process").ChildProcess} */
let caddy;
/** @type {string} */
let folder;
/** @type {ReturnType<typeof client>} */
let ask;
let said = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-caddy-"));
  gateway = await startGateway({ trustedProxies: ["127.0.0.1"] });
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  ask = client(httpsPort, await makeCertificate(folder));
  let recipe = await readFile(join(ROOT, "deploy", "Caddyfile"), "utf8");
  const ours = `${NAME} {\n\ttls ${folder}/cert.pem ${folder}/key.pem\n\tbind 127.0.0.1`;
  const ports = `{\n\tadmin off\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n`;
  for (const [theirs, here] of [
    ["{\n", ports],
    ["127.0.0.1:8080", gateway.host],
    [`${NAME} {`, ours],
  ]) {
    assert.ok(recipe.includes(theirs ?? ""), `${theirs} is not in the recipe`);
    recipe = recipe.replace(theirs ?? "", here ?? "");
  }
  const config = join(folder, "Caddyfile");
  await writeFile(config, recipe);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder };
  const args = ["run", "--config", config, "--adapter", "caddyfile"];
  caddy = spawn("caddy", args, { env, stdio: ["ignore", "ignore", "pipe"] });
  caddy.stderr?.setEncoding("utf8").on("data", (part) => (said += part));
  await eventually(async () => (await ask("GET", "/ready")).status === 200, {
    what: () => `Caddy: ${said}`,
  });
});

after(async () => {
  if (caddy) {
    caddy.kill("SIGTERM");
    await once(caddy, "exit");
  }
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("an event comes in by TLS, with the client's own address", async () => {
  const body = bodyOf([{ ...EVENT, messageId: "by-tls" }]);
  const headers = {
    "x-forwarded-for": "203.0.113.7",
    forwarded: "for=203.0.113.8",
    origin: "https://shop.example",
  };
  const answer = await ask("POST", "/v1/b", headers, body);
  assert.equal(answer.status, 200, answer.text);
  const allowed = answer.headers["access-control-allow-origin"];
  assert.equal(allowed, "https://shop.example");
  const { stdout } = await run(gatewayProgram(), [
    ...["export", "--anonymous", "visitor"],
    ...["--database", gateway.database],
  ]);
  assert.equal(JSON.parse(stdout).ip, "127.0.0.2");
});

test("the gateway knows by which name and scheme it is asked", async () => {
  const path = "/v1/projects/demo-browser-key/settings";
  const settings = JSON.parse((await ask("GET", path)).text);
  const { apiHost, protocol } = settings.integrations["Segment.io"];
  assert.deepEqual([apiHost, protocol], [`${NAME}/v1`, "https"]);
});

test("the admin listener's paths are not there, and no key is in Caddy's log", async () => {
  for (const path of ["/metrics", "/live/events", "/dead-letters"]) {
    assert.equal((await ask("GET", path)).status, 404, path);
  }
  await ask("POST", "/v1/t?writeKey=demo-browser-key", {}, "{}");
  assert.ok(!said.includes("demo-browser-key"), said);
});

test("Caddy's log says that the gateway is gone, and nothing of whom it kept waiting", async () => {
  await gateway.stop();
  const event = { ...EVENT, writeKey: "demo-browser-key" };
  const data = Buffer.from(JSON.stringify(event)).toString("base64url");
  const paths = [
    "/v1/t?writeKey=demo-browser-key",
    `/v1/pixel/track?data=${data}`,
    "/v1/commercetools/demo-browser-key",
  ];
  const headers = { "x-secret": "demo-browser-key" };
  for (const path of paths) {
    assert.equal((await ask("GET", path, headers)).status, 502, path);
  }
  await eventually(async () => said.split("connection refused").length > 3, {
    what: () => `Caddy: ${said}`,
  });
  for (const secret of ["demo-browser-key", data, "127.0.0.2"]) {
    assert.ok(!said.includes(secret), said);
  }
});
