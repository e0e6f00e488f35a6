// @ts-check
// Every entry of the packed package where there is no browser: on Node.js, and with no more than
// the globals of other platforms.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { installPacked } from "../support/packed-package.mjs";

const run = promisify(execFile);
/** Of these, Next.js's own server is the test: tests/next. */
const NEEDS_NEXT = /^\.\/react\/next/;

/** @type {string} */
let folder;
/** The path of each entry's script, by its name. @type {Map<string, string>} */
let entries;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-servers-"));
  const modules = join(folder, "node_modules");
  await installPacked(modules);
  const installed = join(modules, "waymark");
  const manifest = JSON.parse(
    await readFile(join(installed, "package.json"), "utf8"),
  );
  entries = new Map();
  for (const [name, target] of Object.entries(manifest.exports)) {
    const path = target.default;
    if (!path || NEEDS_NEXT.test(name)) continue;
    entries.set(`waymark${name.slice(1)}`, join(installed, path));
  }
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string[]} args of Node.js */
async function node(args) {
  const { stdout, stderr } = await run(process.execPath, args, { cwd: folder });
  return { stdout, stderr };
}

test("Node.js requires every entry, and gives what it imports", async () => {
  const script = `
    const own = (all) => Object.keys(all).filter((one) => one !== "__esModule").sort();
    const differ = async (name) =>
      own(require(name)).join() !== own(await import(name)).join() && name;
    Promise.all(${JSON.stringify([...entries.keys()])}.map(differ))
      .then((all) => console.log(all.filter(Boolean).join() || "fine"));`;
  // First without modules that can be required, as in older versions.
  for (const flag of ["--no-experimental-require-module", "--eval"]) {
    const said = await node([...new Set([flag, "--eval"]), script]);
    assert.deepEqual(said, { stdout: "fine\n", stderr: "" }, flag);
  }
});

test("a program that both imports and requires has one of each", async () => {
  const script = `
    import { createRequire } from "node:module";
    import { AnalyticsBrowser } from "waymark";
    import { SegmentProvider } from "waymark/react";
    const require = createRequire(import.meta.url);
    console.log(
      require("waymark").AnalyticsBrowser === AnalyticsBrowser,
      require("waymark/react").SegmentProvider === SegmentProvider,
    );`;
  const said = await node(["--input-type=module", "--eval", script]);
  assert.deepEqual(said, { stdout: "true true\n", stderr: "" });
});

test("Node.js imports every entry, and nothing is said or left running", async () => {
  const names = [...entries.keys()];
  assert.ok(names.includes("waymark") && names.includes("waymark/inline"));
  for (const name of names) {
    const script = `import ${JSON.stringify(name)}; console.log("fine");`;
    const said = await node(["--input-type=module", "--eval", script]);
    assert.deepEqual(said, { stdout: "fine\n", stderr: "" }, name);
  }
});

for (const platform of ["deno", "edge"]) {
  test(`with the globals of ${platform} every entry is imported, and no call throws or sends`, async () => {
    const script = join(import.meta.dirname, "bare-globals.mjs");
    for (const [name, path] of entries) {
      // Playwright's tests run on Node.js.
      if (name === "waymark/testing/playwright") continue;
      const { stdout } = await node([
        "--experimental-vm-modules",
        script,
        folder,
        pathToFileURL(path).href,
        platform,
      ]);
      assert.equal(stdout, "fine\n", name);
    }
  });
}
