// @ts-check
// The servers of docs/servers.md, against the real gateway.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";

const run = promisify(execFile);
const PYTHON = join(ROOT, ".tools", "python-package", "bin", "python");
const own = await snippetsFor(import.meta.url);
const [service, app] = own.filter(({ language }) => language === "python");
/** The package's source, which needs no installing. */
const PATHS = {
  ...process.env,
  PYTHONPATH: join(ROOT, "integrations", "python", "src"),
};

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-servers-"));
  gateway = await startGateway({
    sources: [
      { name: "shop", keys: [{ key: "shop-server-key", kind: "server" }] },
    ],
  });
});
after(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The names of the tracked events. */
const tracked = async () =>
  (await gateway.exportEvents())
    .filter(({ type }) => type === "track")
    .map(({ event }) => event.event);

test("the service in Python sends its events at its end", async () => {
  const code = towards(service?.code ?? "", gateway.host);
  await run(PYTHON, ["-c", code], { env: PATHS });
  assert.deepEqual(await tracked(), [
    "Newsletter Subscribed",
    "Order Refunded",
  ]);
});

test("the application in Python takes events, and sends them at its end", async () => {
  const code = towards(app?.code ?? "", gateway.host);
  await writeFile(join(folder, app?.name ?? ""), code);
  const args = ["-m", "uvicorn", "app:app", "--port", "0"];
  const server = spawn(PYTHON, args, { cwd: folder, env: PATHS });
  const ended = once(server, "exit");
  try {
    const url = await /** @type {Promise<string>} */ (
      new Promise((resolve, reject) => {
        createInterface({ input: server.stderr }).on("line", (line) => {
          const [found] = /http:\/\/[\d.:]+/.exec(line) ?? [];
          if (found) resolve(found);
        });
        server.once("exit", reject);
      })
    );
    const answer = await fetch(`${url}/segment/track`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"user_id":"user_1","event":"By HTTP"}',
    });
    assert.deepEqual(await answer.json(), { success: true });
  } finally {
    server.kill();
    await ended;
  }
  assert.ok((await tracked()).includes("By HTTP"));
});
