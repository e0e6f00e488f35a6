// @ts-check
// The recipe for nginx with TLS, in the real nginx before the real gateway.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import "../support/watchdog.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { freePort } from "../support/local-server.mjs";
import { ROOT, gatewayProgram } from "../support/program.mjs";
import { NAME, bodyOf, client, makeCertificate } from "./proxy.mjs";

const run = promisify(execFile);
const PATH = `${process.env.PATH}:/usr/sbin`;
const EVENT = { type: "track", event: "A", anonymousId: "visitor" };

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {import("node:child_process").ChildProcess} */
let nginx;
/** @type {string} */
let folder;
/** @type {ReturnType<typeof client>} */
let ask;
let [httpPort, httpsPort] = [0, 0];

/** Each part of the recipe that is of another machine, replaced; all must be there. */
async function recipe() {
  let text = await readFile(join(ROOT, "deploy", "nginx.conf"), "utf8");
  const certificates = `/etc/letsencrypt/live/${NAME}`;
  for (const [theirs, ours] of [
    ["127.0.0.1:8080", gateway.host],
    ["listen 80;", `listen 127.0.0.1:${httpPort};`],
    ["listen 443 ", `listen 127.0.0.1:${httpsPort} `],
    [`${certificates}/fullchain.pem`, join(folder, "cert.pem")],
    [`${certificates}/privkey.pem`, join(folder, "key.pem")],
    ["/var/log/nginx/error.log", join(folder, "error.log")],
  ]) {
    assert.ok(text.includes(theirs), `${theirs} is not in deploy/nginx.conf`);
    text = text.replaceAll(theirs, ours);
  }
  return text;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-nginx-"));
  gateway = await startGateway({ trustedProxies: ["127.0.0.1"] });
  [httpPort, httpsPort] = [await freePort(), await freePort()];
  ask = client(httpsPort, await makeCertificate(folder));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder};`,
  );
  const main = join(folder, "nginx.conf");
  await writeFile(
    main,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
     events {} http { access_log ${folder}/access.log; ${temporary.join(" ")} ${await recipe()} }`,
  );
  const args = ["-p", folder, "-c", main];
  await run("nginx", [...args, "-t"], { env: { ...process.env, PATH } });
  nginx = spawn("nginx", args, { env: { ...process.env, PATH } });
  await eventually(() => ask("GET", "/ready"), { what: "nginx" });
});

after(async () => {
  if (nginx) {
    nginx.kill("SIGQUIT");
    await once(nginx, "exit");
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
  const args = ["export", "--anonymous", "visitor"];
  const { stdout } = await run(gatewayProgram(), [
    ...args,
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

test("what is too large is refused by the gateway, and gzip passes", async () => {
  const large = bodyOf([{ ...EVENT, properties: "x".repeat(1024 * 1024) }]);
  const refused = await ask("POST", "/v1/b", {}, large);
  assert.equal(refused.status, 413);
  assert.equal(JSON.parse(refused.text).code, "body_too_large");
  const packed = gzipSync(bodyOf([{ ...EVENT, messageId: "packed" }]));
  const headers = { "content-encoding": "gzip" };
  const answer = await ask("POST", "/v1/b", headers, packed);
  assert.equal(JSON.parse(answer.text).accepted, 1);
});

test("the admin listener's paths are not there", async () => {
  for (const path of ["/metrics", "/live/events", "/dead-letters"]) {
    assert.equal((await ask("GET", path)).status, 404, path);
  }
});

test("plain HTTP is sent to TLS, and no address or key is in nginx's logs", async () => {
  const url = `http://127.0.0.1:${httpPort}/v1/t?writeKey=demo-browser-key`;
  const answer = await fetch(url, { method: "POST", redirect: "manual" });
  assert.equal(answer.status, 308);
  await ask("POST", "/v1/t?writeKey=demo-browser-key", {}, "{}");
  await gateway.stop();
  for (const path of ["/v1/t?writeKey=demo-browser-key", "/v1/b"]) {
    assert.equal((await ask("GET", path)).status, 502, path);
  }
  for (const name of ["error.log", "access.log"]) {
    const log = await readFile(join(folder, name), "utf8");
    assert.ok(!log.includes("demo-browser-key"), log);
    assert.ok(!log.includes("127.0.0."), log);
  }
});
