// @ts-check
// The chapter's section about commercetools: its configuration, its command and its function, in a
// gateway that is started with them. Every key is told.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const own = await snippetsFor(import.meta.url);
const codeOf = (/** @type {string} */ kind) =>
  own.find(({ language }) => language === kind)?.code ?? "";

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
before(async () => {
  const toml = codeOf("toml").replace(/^database = .*\n/m, "");
  gateway = await startGateway({ sources: [], toml });
});
after(() => gateway?.stop());

test("the command's customer is stored", async () => {
  const [program = "", ...words] = codeOf("sh")
    .replace("127.0.0.1:8080", gateway.host)
    .trim()
    .split(" ");
  const args = words.map((word) => word.replace(/^'|'$/g, ""));
  const { stdout } = await promisify(execFile)(program, ["-s", ...args]);
  assert.equal(JSON.parse(stdout).accepted, 1);
  const [stored] = await gateway.exportEvents();
  assert.equal(stored?.userId, "ann@example.org");
});

test("the function sends a customer, and a repeat counts once", async () => {
  const path = join(import.meta.dirname, `.docs-${process.pid}.mjs`);
  const { outputFiles } = await build({
    bundle: true,
    external: ["waymark/commercetools"],
    format: "esm",
    stdin: { contents: codeOf("ts"), loader: "ts" },
    write: false,
  });
  await writeFile(path, outputFiles[0]?.text ?? "");
  const { handler } = await import(path).finally(() => rm(path));
  process.env.WAYMARK_HOST = gateway.url;
  process.env.WAYMARK_WRITE_KEY = "shop-commercetools-key";
  const customer = { email: "bo@example.org", id: "c-2" };
  const body = { type: "customer.created", customer };
  assert.equal((await handler(body)).statusCode, 200);
  assert.equal((await handler(body)).statusCode, 200);
  assert.equal((await handler({})).statusCode, 400);
  const users = (await gateway.exportEvents()).map(({ userId }) => userId);
  assert.deepEqual(users, ["ann@example.org", "bo@example.org"]);
});

test("the chapter names every key", async () => {
  const chapter = await readFile(join(ROOT, "docs", "servers.md"), "utf8");
  const crate = join(ROOT, "crates", "waymark-gateway", "src", "config");
  const text = await readFile(join(crate, "commercetools.rs"), "utf8");
  const [, table = ""] =
    /struct FileCommercetools \{(.*?)^\}/ms.exec(text) ?? [];
  const keys = [...table.matchAll(/^ {4}(\w+):/gm)].map(([, key]) => key);
  assert.ok(keys.length > 5);
  for (const key of keys) assert.ok(chapter.includes(`\`${key}\``), key);
});
