// @ts-check
// Importing and calling the package where there is no window, as frameworks do when they render.
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

test("importing and making a client touches nothing in Node", async () => {
  assert.equal(
    await inNode(`new AnalyticsBrowser(); console.log("done");`),
    "done",
  );
});

test("calls in Node neither throw nor are reported as unhandled", async () => {
  const said = await inNode(`const a = new AnalyticsBrowser();
    a.track("E"); a.page(); a.identify("u"); a.group("g"); a.alias("x"); a.reset();
    a.track(""); a.user(); a.ready(() => {}); a.on("track", () => {}); a.debug(false);
    console.log("done");`);
  assert.equal(said, "done");
});

test("load in Node neither throws nor is reported as unhandled", async () => {
  const said =
    await inNode(`const a = AnalyticsBrowser.load({ writeKey: "WK" });
    a.track("E"); a.page();
    console.log("done");`);
  assert.equal(said, "done");
});
