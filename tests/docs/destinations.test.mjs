// @ts-check
// The configuration of docs/destinations.md is valid, `try` takes it, and every kind and key of a
// destination is told.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { listen, shut } from "../support/local-server.mjs";
import { gatewayProgram, ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const run = promisify(execFile);
const own = await snippetsFor(import.meta.url);
const codeOf = (/** @type {string} */ kind) =>
  own.find(({ language }) => language === kind)?.code ?? "";

const ORDER = {
  type: "track",
  event: "Order Completed",
  messageId: "o-1",
  userId: "u-1",
  context: { consent: { categoryPreferences: { advertising: true } } },
  properties: { order_id: "o-1", total: 12.5, currency: "EUR" },
};

test("the configuration is taken, and an order is shown as Meta gets it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-docs-"));
  const options = { cwd: folder };
  try {
    await writeFile(join(folder, "gateway.toml"), codeOf("toml"));
    const check = ["serve", "--config", "gateway.toml", "--check-config"];
    await run(gatewayProgram(), check, options);
    await writeFile(join(folder, "events.jsonl"), JSON.stringify(ORDER));
    const [name, ...args] = codeOf("sh").trim().split(" ");
    assert.equal(name, "waymark-gateway");
    const { stdout } = await run(gatewayProgram(), args, options);
    assert.match(stdout, /"event_name": "Purchase"/);
    assert.match(stdout, /"value": 12.5/);
    assert.ok(!stdout.includes("EAA"), stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an order is checked by Meta", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-docs-"));
  let text = "";
  const meta = createServer((request, response) => {
    request.on("data", (part) => (text += part));
    request.on("end", () => response.end('{"events_received":1}'));
  });
  try {
    const host = `host = "http://${await listen(meta)}"`;
    const toml = codeOf("toml").replace(/^kind = "meta"$/m, `$&\n${host}`);
    await writeFile(join(folder, "gateway.toml"), toml);
    const [, block] = own.filter(({ language }) => language === "sh");
    const [, ...args] = (block?.code ?? "").trim().split(" ");
    const { stdout } = await run(gatewayProgram(), args, { cwd: folder });
    assert.match(stdout, /`meta` finds nothing wrong with Purchase/);
    assert.equal(JSON.parse(text).test_event_code, "TEST12345");
  } finally {
    await shut(meta);
    await rm(folder, { recursive: true, force: true });
  }
});

test("the chapter names every kind and every key", async () => {
  const chapter = await readFile(join(ROOT, "docs", "destinations.md"), "utf8");
  const crate = join(ROOT, "crates", "waymark-destinations", "src");
  const kinds = await readFile(join(crate, "settings.rs"), "utf8");
  const rules = await readFile(join(crate, "rules.rs"), "utf8");
  const named = [...kinds.matchAll(/^ {4}\w+ = "(\w+)", \w+;$/gm)];
  assert.equal(named.length, 10);
  const files = await Promise.all(
    named.map(([, kind]) =>
      readFile(
        join(crate, "vendors", kind === "ga4" ? "ga4/mod.rs" : `${kind}.rs`),
        "utf8",
      ),
    ),
  );
  // What is skipped is no key.
  const told = rules.replace(/#\[serde\(skip\)\]\n {4}pub \w+:/, "");
  const keys = [told, ...files].flatMap((text) => {
    const [, struct] =
      /pub struct (?:Settings|Rules) \{(.*?)^\}/ms.exec(text) ?? [];
    return [...(struct ?? "").matchAll(/^ {4}pub (\w+):/gm)].map(
      ([, key]) => key,
    );
  });
  assert.ok(keys.length > 30, `${keys.length}`);
  for (const name of [...named.map(([, kind]) => kind), ...keys]) {
    assert.ok(chapter.includes(`\`${name}\``), `${name} is not told`);
  }
});
