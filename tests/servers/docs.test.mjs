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
const [express, handler] = own.filter(({ language }) => language === "js");
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

/**
 * Starts a server, has it asked, and ends it as a host does.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptionsWithoutStdio} options
 * @param {(port: string) => Promise<void>} during
 */
async function served(program, args, options, during) {
  const server = spawn(program, args, options);
  const ended = once(server, "exit");
  /** @type {string[]} */
  const said = [];
  try {
    const port = await /** @type {Promise<string>} */ (
      new Promise((resolve, reject) => {
        for (const input of [server.stdout, server.stderr]) {
          createInterface({ input }).on("line", (line) => {
            said.push(line);
            const [, found] =
              /(?:127.0.0.1:|listening on )(\d+)/.exec(line) ?? [];
            if (found) resolve(found);
          });
        }
        server.once("exit", () => reject(new Error(said.join("\n"))));
      })
    );
    await during(port);
  } finally {
    server.kill();
    await ended;
  }
}

/** @param {string} url @param {object} body */
const post = (url, body) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("the application in Python takes events, and sends them at its end", async () => {
  const code = towards(app?.code ?? "", gateway.host);
  await writeFile(join(folder, app?.name ?? ""), code);
  const args = ["-m", "uvicorn", "app:app", "--port", "0"];
  await served(PYTHON, args, { cwd: folder, env: PATHS }, async (port) => {
    const url = `http://127.0.0.1:${port}/segment/track`;
    const answer = await post(url, { user_id: "user_1", event: "By HTTP" });
    assert.deepEqual(await answer.json(), { success: true });
  });
  assert.ok((await tracked()).includes("By HTTP"));
});

/** A block as a file beside this test, from which its imports are found. @param {import("../support/snippets.mjs").Snippet | undefined} block */
async function written(block) {
  const path = join(import.meta.dirname, `.docs-${process.pid}-${block?.name}`);
  await writeFile(path, towards(block?.code ?? "", gateway.host));
  return path;
}

test("the application of Express takes events and page views, and sends them at its end", async () => {
  const path = await written(express);
  const env = { ...process.env, PORT: "0" };
  try {
    await served(process.execPath, [path], { env }, async (port) => {
      const url = `http://127.0.0.1:${port}`;
      await post(`${url}/segment/track`, { userId: "u", event: "By Express" });
      const headers = { cookie: "ajs_anonymous_id=a1" };
      assert.equal(await (await fetch(url, { headers })).text(), "Hello");
    });
  } finally {
    await rm(path);
  }
  const names = await tracked();
  assert.ok(names.includes("By Express") && names.includes("Greeted"));
  const all = await gateway.exportEvents();
  const [page] = all.filter(({ anonymousId }) => anonymousId === "a1");
  assert.deepEqual([page?.type, page?.event.name], ["page", "/"]);
});

test("the handler has its event sent before its process freezes", async () => {
  const path = await written(handler);
  const { default: served } = await import(path).finally(() => rm(path));
  /** @type {Promise<boolean>[]} */
  const waits = [];
  const waitUntil = (/** @type {Promise<boolean>} */ one) => waits.push(one);
  const answer = await served.fetch(null, null, { waitUntil });
  assert.equal(await answer.text(), "Hello");
  assert.deepEqual(await Promise.all(waits), [true]);
  assert.ok((await tracked()).includes("Served"));
});
