// @ts-check
// The command `waymark types`, and the types that it writes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "../support/program.mjs";

const COMMAND = join(ROOT, "pkg", "bin", "waymark.mjs");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const PLAN = join(import.meta.dirname, "plan.json");

/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-plan-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const types = "events.test-d.ts";
  await cp(join(import.meta.dirname, types), join(folder, types));
});

after(() => rm(folder, { recursive: true, force: true }));

/** @param {...string} args @returns {Promise<{ code: number, out: string, error: string }>} */
const run = (...args) =>
  new Promise((resolve) => {
    const options = { cwd: folder };
    execFile(process.execPath, args, options, (error, out, err) => {
      const code = error ? Number(error.code) : 0;
      resolve({ code, out, error: err });
    });
  });

test("the types of a plan accept its events and refuse others", async () => {
  const wrote = await run(COMMAND, "types", PLAN, "--out", "tracking-plan.ts");
  assert.deepEqual(wrote, { code: 0, out: "", error: "" });
  const args = ["--noEmit", "--strict", "--module", "nodenext"];
  const types = [
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--types",
    "node",
  ];
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler"];
  const said = await run(
    TSC,
    ...args,
    ...types,
    ...bundler,
    "events.test-d.ts",
  );
  assert.equal(said.out, "");
  assert.equal(said.code, 0);
});

test("--check tells whether the file matches the plan", async () => {
  const out = "checked.d.ts";
  await run(COMMAND, "types", PLAN, "--out", out);
  const fresh = await run(COMMAND, "types", PLAN, "--out", out, "--check");
  assert.equal(fresh.code, 0);
  await writeFile(join(folder, out), "stale");
  const stale = await run(COMMAND, "types", PLAN, "--out", out, "--check");
  assert.equal(stale.code, 1);
  assert.match(stale.error, /checked.d.ts is not what .*plan.json makes/);
});

test("an invalid plan is refused in one line", async () => {
  await writeFile(join(folder, "bad.json"), '{ "events": { "A": 7 } }');
  const refused = await run(COMMAND, "types", "bad.json");
  assert.deepEqual(refused, {
    code: 1,
    out: "",
    error: 'waymark: bad.json: tracking plan: events["A"]: not an object\n',
  });
  assert.equal((await run(COMMAND, "types", "none.json")).code, 1);
  assert.match((await run(COMMAND)).error, /^Usage: waymark /);
});

test("the shop's types match its plan", async () => {
  const www = join(ROOT, "www");
  const plan = join(www, "tracking-plan.json");
  const types = join(www, "src", "tracking-plan.ts");
  const { code, error } = await run(
    COMMAND,
    "types",
    plan,
    "--out",
    types,
    "--check",
  );
  assert.equal(error, "");
  assert.equal(code, 0);
});
