// @ts-check
// The packed package in projects of Jest and Vitest: components are tested with nothing mocked,
// nothing is said, no connection is opened, and the run ends by itself.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "../support/program.mjs";
import { Workbench } from "./project.mjs";

/** A run that does not end by itself is killed, and fails. */
const RUN_MAX_MS = 120_000;

/** @type {Workbench} */
let bench;
/** @type {string} */
let project;
let connections = 0;
const server = createServer((socket) => {
  connections++;
  socket.destroy();
});
before(async () => {
  bench = await Workbench.open();
  project = await bench.copy("runners");
  // Vitest looks for setup files inside of the project.
  await rm(join(project, "node_modules"));
  await rename(
    join(bench.folder, "node_modules"),
    join(project, "node_modules"),
  );
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
});
after(async () => {
  server.close();
  await bench?.close();
});

/**
 * Runs a runner in the project.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {string} [nodeOptions]
 */
async function run(program, args, nodeOptions = "") {
  const address = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  const log = join(project, "sockets.log");
  await writeFile(log, "");
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    CI: "1",
    LISTENING_SERVER: `127.0.0.1:${address.port}`,
    NO_COLOR: "1",
    NODE_ENV: "test",
    NODE_OPTIONS: `--require ${join(project, "sockets.cjs")} ${nodeOptions}`,
    SOCKETS_LOG: log,
  };
  // A runner inside a runner must not think that it is part of it.
  delete env.NODE_TEST_CONTEXT;
  delete env.FORCE_COLOR;
  const bin = join(ROOT, "node_modules", program);
  const all = [bin, ...args];
  const options = { cwd: project, env, timeout: RUN_MAX_MS };
  const said = await new Promise((resolve) => {
    execFile(process.execPath, all, options, (error, out, err) => {
      resolve(`${error ? "failed" : "passed"}\n${out}${err}`);
    });
  });
  assert.match(said, /^passed/, said);
  assert.doesNotMatch(said, /\bact\(/, said);
  assert.doesNotMatch(
    said,
    /waymark:|warn|error|unhandled|open handle|not exit/i,
    said,
  );
  assert.equal(await readFile(log, "utf8"), "");
  assert.equal(connections, 0);
  return said;
}

test("Jest with its defaults runs tests of components", async () => {
  const said = await run("jest/bin/jest.js", ["--detectOpenHandles"]);
  assert.match(said, /Tests: +6 passed, 6 total/, said);
});

for (const environment of ["jsdom", "happy-dom"]) {
  test(`Vitest runs tests of components in ${environment}`, async () => {
    const args = ["run", "--environment", environment];
    const said = await run("vitest/vitest.mjs", args);
    assert.match(said, /Tests +5 passed/, said);
  });
}
