// @ts-check
// The commands of README.md and docs/ exist and take the arguments shown. A command that builds
// for minutes is only asked what it would do.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { startGateway } from "../support/gateway.mjs";
import { gatewayProgram, ROOT } from "../support/program.mjs";
import { snippetsFor, snippetsIn } from "../support/snippets.mjs";

const run = promisify(execFile);

/** How a command is tried: by its beginning. @type {[string, (args: string[], at: Place) => Promise<unknown>][]} */
const WAYS = [
  ["make", (args) => run("make", ["-n", ...args], { cwd: ROOT })],
  [
    "npm pack",
    async (args) => {
      const dry = ["pack", "--dry-run", "--json", ...args];
      const { stdout } = await run("npm", dry, { cwd: ROOT });
      const [{ filename }] = JSON.parse(stdout);
      const readme = await readFile(join(ROOT, "README.md"), "utf8");
      assert.ok(readme.includes(`npm install ../waymark/${filename}`));
    },
  ],
  [
    "cargo build --release",
    (args) => run("cargo", ["tree", "--depth", "0", ...args], { cwd: ROOT }),
  ],
  [
    "target/release/waymark-gateway",
    (args, at) => run(gatewayProgram(), [...args, "--check-config"], at),
  ],
  [
    "waymark-gateway serve",
    (args, at) => {
      const checking = new Set(["serve", ...args, "--check-config"]);
      return run(gatewayProgram(), [...checking], at);
    },
  ],
  [
    "waymark-gateway init",
    (args, at) => {
      const made = ["--config", "made.toml", "--no-serve"];
      return run(gatewayProgram(), ["init", ...args, ...made], at);
    },
  ],
  [
    "waymark-gateway export",
    (args, at) => run(gatewayProgram(), ["export", ...args], at),
  ],
  [
    "waymark-gateway erase",
    (args, at) => run(gatewayProgram(), ["erase", ...args], at),
  ],
  [
    "waymark-gateway backup",
    (args, at) => run(gatewayProgram(), ["backup", ...args], at),
  ],
  [
    "waymark-gateway check",
    (args, at) => run(gatewayProgram(), ["check", ...args], at),
  ],
  [
    "waymark-gateway restore",
    (args, at) => run(gatewayProgram(), ["restore", ...args], at),
  ],
  [
    "waymark-gateway import",
    async (args, at) => {
      const event = { type: "track", event: "A", userId: "u", messageId: "a" };
      const line = { source: "shop", event };
      await writeFile(join(at.cwd, "export.jsonl"), JSON.stringify(line));
      await writeFile(
        join(at.cwd, "archive.gz"),
        gzipSync(JSON.stringify(event)),
      );
      await run(gatewayProgram(), ["import", ...args], at);
    },
  ],
  [
    // Asks a running gateway: only whether the arguments are taken is tried.
    "waymark-gateway dead-letters",
    (args, at) =>
      run(gatewayProgram(), ["dead-letters", ...args, "--help"], at),
  ],
  [
    "waymark-gateway replay",
    (args, at) => run(gatewayProgram(), ["replay", ...args, "--help"], at),
  ],
  [
    "waymark-gateway reload",
    (args, at) => run(gatewayProgram(), ["reload", ...args, "--help"], at),
  ],
  [
    "npx waymark",
    (args, at) => {
      const bin = join(ROOT, "pkg", "bin", "waymark.mjs");
      return run(process.execPath, [bin, ...args], at);
    },
  ],
];

/** @typedef {{ cwd: string }} Place */

/** A folder with the files that the commands of a document read. @param {string} document */
async function placeOf(document) {
  const cwd = await mkdtemp(join(tmpdir(), "waymark-commands-"));
  const gateway = await startGateway({ folder: cwd });
  await gateway.stop();
  const blocks = await snippetsIn(document);
  const config = blocks.find(({ name }) => name === "gateway.toml");
  await writeFile(join(cwd, "gateway.toml"), config?.code ?? "");
  await copyFile(
    join(ROOT, "www", "tracking-plan.json"),
    join(cwd, "tracking-plan.json"),
  );
  await run("mkdir", ["src"], { cwd });
  return { cwd };
}

const own = await snippetsFor(import.meta.url);
const receipts = own.filter(({ language }) => language === "json");
const commands = own.filter(({ language }) => language === "sh");

test("there are commands, and a receipt", () => {
  assert.equal(receipts.length, 1);
  assert.equal(commands.length + receipts.length, own.length);
});

for (const { document, line, code } of receipts) {
  test(`a receipt is as ${document}:${line} shows it`, async () => {
    const place = await placeOf(document);
    try {
      const args = ["erase", "--user", "u-42", "--database", "events.sqlite"];
      const { stdout } = await run(gatewayProgram(), args, place);
      const [shown, real] = [JSON.parse(code), JSON.parse(stdout)];
      assert.deepEqual(Object.keys(real), Object.keys(shown));
      assert.equal(real.state, shown.state);
    } finally {
      await rm(place.cwd, { recursive: true, force: true });
    }
  });
}

for (const { document, line, code } of commands) {
  test(`${document}:${line}`, async () => {
    const place = await placeOf(document);
    try {
      for (const text of code.trim().split("\n")) {
        const command = text.replace(/ +#.*$/, "");
        const way = WAYS.find(([start]) => command.startsWith(`${start} `));
        assert.ok(way, `no way to try "${command}"`);
        const rest = command.slice(way[0].length).trim();
        await way[1](rest.split(" "), place);
      }
    } finally {
      await rm(place.cwd, { recursive: true, force: true });
    }
  });
}
