// @ts-check
// The README's snippets about shops and tests do what it says.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { EcommerceTracker } from "waymark/ecommerce";
import { matchers, RecordingClient } from "waymark/testing";
import { ROOT } from "../support/program.mjs";

/** The code of the first snippet that imports `entry`, without its imports. @param {string} entry */
async function snippet(entry) {
  const text = await readFile(`${ROOT}README.md`, "utf8");
  const all = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const code = all.find((one) => one?.includes(`from "${entry}"`));
  assert.ok(code, entry);
  return code.replace(/^import .*$/gm, "");
}

test("the ecommerce snippet tracks its two events", async () => {
  process.env.NODE_ENV = "production";
  const analytics = new RecordingClient();
  const code = await snippet("waymark/ecommerce");
  new Function("analytics", "EcommerceTracker", code)(
    analytics,
    EcommerceTracker,
  );
  const names = analytics.events.map(({ event }) => event);
  assert.deepEqual(names, ["Product Added", "Order Completed"]);
});

test("the recording client's snippet holds", async () => {
  const code = await snippet("waymark/testing");
  const expect = Object.assign(
    (/** @type {any} */ given) => ({
      toHaveTracked: (/** @type {[any, any]} */ ...args) =>
        assert.ok(matchers.toHaveTracked(given, ...args).pass),
    }),
    { extend: () => {} },
  );
  new Function("expect", "matchers", "RecordingClient", code)(
    expect,
    matchers,
    RecordingClient,
  );
});
