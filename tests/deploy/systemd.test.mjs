// @ts-check
// The unit is one that systemd takes, its commands are the program's, and it is closed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import "../support/watchdog.mjs";
import { ROOT, gatewayProgram } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const run = promisify(execFile);
/** The exposure that systemd may find at most, of 100: lower is more closed. */
const EXPOSURE_MAX = 15;

const unit = await readFile(
  join(ROOT, "deploy", "waymark-gateway.service"),
  "utf8",
);

test("systemd takes the unit and finds it closed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-unit-"));
  try {
    const path = join(folder, "waymark-gateway.service");
    const program = "/usr/local/bin/waymark-gateway";
    await writeFile(path, unit.replaceAll(program, gatewayProgram()));
    const verified = await run("systemd-analyze", ["verify", path]);
    // It warns of what it does not know and goes on.
    assert.equal(verified.stderr, "");
    const threshold = `--threshold=${EXPOSURE_MAX}`;
    await run("systemd-analyze", [
      ...["security", "--offline=true", "--no-pager", threshold, path],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

for (const { document, line, code } of await snippetsFor(import.meta.url)) {
  test(`the commands of ${document}:${line} put in place what it needs`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "waymark-unit-"));
    try {
      await writeFile(join(folder, "gateway.toml"), "");
      const places = ["etc/systemd/system", "usr/local/bin"];
      await run("mkdir", ["-p", ...places.map((place) => join(folder, place))]);
      for (const command of code.trim().split("\n")) {
        const [sudo, program = "", ...args] = command.split(" ");
        assert.equal(sudo, "sudo");
        if (program !== "install") {
          // These would change the machine.
          assert.ok(["useradd", "systemctl"].includes(program), command);
          continue;
        }
        const text = args.join(" ").replace(" -g waymark ", " ");
        const ours = text.split(" ").map((arg) => {
          if (arg === "target/release/waymark-gateway") return gatewayProgram();
          if (arg === "gateway.toml") return join(folder, arg);
          return arg.startsWith("/") ? join(folder, arg) : arg;
        });
        await run("install", ours, { cwd: ROOT });
      }
      const paths = unit.match(/(?<=[= ])\/(?:usr\/local|etc)\/\S+/g) ?? [];
      assert.equal(paths.length, 4);
      for (const path of paths) await readFile(join(folder, path));
      const system = join(folder, "etc/systemd/system/waymark-gateway.service");
      assert.equal(await readFile(system, "utf8"), unit);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test("its commands are the program's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waymark-unit-"));
  try {
    const config = join(folder, "gateway.toml");
    const key = '{ key = "k", kind = "server" }';
    await writeFile(config, `[[sources]]\nname = "a"\nkeys = [${key}]\n`);
    const commands = [...unit.matchAll(/^ExecStart(?:Pre)?=\S+ (.*)$/gm)];
    assert.equal(commands.length, 2);
    for (const [, text = ""] of commands) {
      const args = new Set([...text.split(" "), "--check-config"]);
      args.delete("/etc/waymark/gateway.toml");
      const all = [...args].flatMap((arg) =>
        arg === "--config" ? [arg, config] : [arg],
      );
      await run(gatewayProgram(), all);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
