// @ts-check
// What the tools that check packages say of the packed one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packPackage, unpackPackage } from "../support/packed-package.mjs";
import { ROOT } from "../support/program.mjs";

const run = promisify(execFile);

/** @type {string} */
let folder;
/** @type {string} */
let tarball;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-quality-"));
  tarball = await packPackage(folder);
  await unpackPackage(tarball, folder);
});
after(() => rm(folder, { recursive: true, force: true }));

test("publint finds nothing to say", async () => {
  const pkgDir = join(folder, "waymark");
  const { messages, pkg } = await publint({ pkgDir, pack: false });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("attw finds the types of every entry, for every way to resolve it", async () => {
  const attw = join(ROOT, "node_modules", "@arethetypeswrong", "cli");
  const { bin } = JSON.parse(
    await readFile(join(attw, "package.json"), "utf8"),
  );
  const files = ["waymark.iife.js", "integrity.json", "waymark.wasm"];
  // It ends with an error where there is a problem.
  const { stdout } = await run(process.execPath, [
    join(attw, bin.attw),
    ...[tarball, "--format", "ascii", "--no-color"],
    ...["--exclude-entrypoints", ...files],
  ]).catch(({ stdout }) => assert.fail(stdout));
  for (const entry of ["waymark/inline", "waymark/react", "waymark/vite"]) {
    assert.ok(stdout.includes(`"${entry}"`), stdout);
  }
});

test("the tarball has what a reader looks for, and sources for debuggers", async () => {
  const pkgDir = join(folder, "waymark");
  const names = await readdir(pkgDir, { recursive: true });
  for (const name of [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "dist/index.js.map",
  ]) {
    assert.ok(names.includes(name), name);
  }
  for (const name of names.filter((one) => one.endsWith(".map"))) {
    const map = JSON.parse(await readFile(join(pkgDir, name), "utf8"));
    assert.equal(map.sourcesContent.length, map.sources.length, name);
    assert.ok(!map.sourcesContent.includes(null), name);
  }
});
