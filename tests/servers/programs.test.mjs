// @ts-check
// Programs that use the service of `waymark/server`: how they end, and what they need.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { packPackage, unpackPackage } from "../support/packed-package.mjs";
import { ROOT } from "../support/program.mjs";

const run = promisify(execFile);
const KEY = "demo-server-key";

/** @type {string} */
let folder;
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-programs-"));
});
after(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

test("what is not sent in time is handed back, and the process can end", async () => {
  await gateway.kill();
  const script = `
    import { SegmentServerService } from "waymark/server";
    const service = new SegmentServerService({
      host: ${JSON.stringify(gateway.url)},
      writeKey: "k",
      onError: ({ message }, events) =>
        console.log(message, events.map(({ event }) => event).join()),
    });
    service.track("u", "One");
    service.track("u", "Two");
    await service.close(300);
    service.track("u", "Late");`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, args, {
    cwd: ROOT,
    timeout: 60_000,
  });
  assert.equal(
    stdout,
    "waymark: not sent within 300 ms One,Two\nwaymark: the service is closed Late\n",
  );
});

test("without Segment's client the cookies work, and events are told", async () => {
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await unpackPackage(await packPackage(folder), modules);
  const script = `
    import { identityCookies, SegmentServerService } from "waymark/server";
    console.log(identityCookies("ajs_user_id=u").length);
    const onError = ({ message }, events) => console.log(message, events.length);
    const service = new SegmentServerService({
      host: "http://127.0.0.1:9", writeKey: "k", onError,
    });
    service.track("u", "A");
    console.log(await service.flush());`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, args, { cwd: folder });
  assert.equal(
    stdout,
    "1\nwaymark: npm install @segment/analytics-node 1\ntrue\n",
  );
});

test("a server that is told to end sends what it has, and a program that ends does, too", async () => {
  const env = {
    ...process.env,
    WAYMARK_HOST: gateway.url,
    WAYMARK_WRITE_KEY: KEY,
  };
  const start = (/** @type {string} */ script) =>
    spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: ROOT,
      env,
    });
  const server = start(`
    import { segmentServer } from "waymark/server";
    process.once("SIGTERM", () => segmentServer.close().then(() => process.exit(0)));
    for (let n = 0; n < 50; n++) segmentServer.track("u", "Server");
    console.log("tracked");
    setInterval(() => {}, 1000);`);
  await once(createInterface({ input: server.stdout }), "line");
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  const program = start(`
    import { SegmentServerService } from "waymark/server";
    const { WAYMARK_HOST: host } = process.env;
    const service = new SegmentServerService({ host, flushInterval: 100 });
    service.track("u", "Program");`);
  assert.deepEqual(await once(program, "exit"), [0, null]);
  const stored = await gateway.exportEvents();
  const names = stored.map(({ event }) => event.event);
  assert.equal(names.filter((name) => name === "Server").length, 50);
  assert.equal(names.filter((name) => name === "Program").length, 1);
});
