// @ts-check
// The snippets of the documents on ecommerce and unit tests do what they say.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EcommerceTracker } from "waymark/ecommerce";
import { RecordingClient } from "waymark/testing";
import { ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const [ecommerce, unitTest, ...more] = await snippetsFor(import.meta.url);

test("there are two", () => assert.deepEqual(more, []));

test("the ecommerce snippet tracks its two events", () => {
  process.env.NODE_ENV = "production";
  const analytics = new RecordingClient();
  const code = (ecommerce?.code ?? "").replace(/^import .*$/gm, "");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- It is the chapter's own code.
  new Function("analytics", "EcommerceTracker", code)(
    analytics,
    EcommerceTracker,
  );
  const names = analytics.events.map(({ event }) => event);
  assert.deepEqual(names, ["Product Added", "Order Completed"]);
});

test("the unit test passes in Vitest", async () => {
  const results = join(ROOT, "test-results");
  await mkdir(results, { recursive: true });
  const folder = await mkdtemp(join(results, "docs-unit-"));
  const path = join(folder, unitTest?.name ?? "");
  await writeFile(path, unitTest?.code ?? "");
  const env = { ...process.env };
  // A runner inside a runner must not think that it is part of it.
  delete env["NODE_TEST_CONTEXT"];
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--root", folder];
  try {
    const said = await new Promise((resolve) => {
      execFile(process.execPath, args, { env }, (error, out, err) =>
        resolve(`${error ? "failed" : "passed"}\n${out}${err}`),
      );
    });
    assert.match(said, /^passed/, said);
    assert.match(said, /1 passed/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
