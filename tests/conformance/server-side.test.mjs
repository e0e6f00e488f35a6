// @ts-check
// The package without a window, as frameworks import and call it when they render on a server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { ROOT } from "../support/program.mjs";

const run = promisify(execFile);

/** @param {string} code of a module; `AnalyticsBrowser` is imported */
async function inNode(code) {
  const program = `import { AnalyticsBrowser } from ${JSON.stringify(`${ROOT}pkg/dist/index.js`)};
    process.on("unhandledRejection", (error) => { console.log("unhandled", String(error)); });
    ${code}`;
  const args = ["--input-type=module", "--eval", program];
  const { stdout } = await run(process.execPath, args, { timeout: 20_000 });
  return stdout.trim();
}

test("importing the package and making a client have no side effect in Node.js", async () => {
  assert.equal(
    await inNode(`new AnalyticsBrowser(); console.log("done");`),
    "done",
  );
});

test("calls in Node.js neither throw nor reject unhandled", async () => {
  const said = await inNode(`const a = new AnalyticsBrowser();
    a.track("E"); a.page(); a.identify("u"); a.group("g"); a.alias("x"); a.reset();
    a.track(""); a.user(); a.ready(() => {}); a.on("track", () => {}); a.debug(false);
    console.log("done");`);
  assert.equal(said, "done");
});

test("load in Node.js neither throws nor rejects unhandled", async () => {
  const said =
    await inNode(`const a = AnalyticsBrowser.load({ writeKey: "WK" });
    a.track("E"); a.page();
    console.log("done");`);
  assert.equal(said, "done");
});
