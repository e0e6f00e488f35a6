// @ts-check
// The code of README.md's privacy section, as a page runs it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/program.mjs";
import { setScene } from "./scene.mjs";

const scene = setScene();

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const section = readme.split("\n## Privacy\n")[1]?.split("\n## ")[0] ?? "";

test("the example of the privacy section waits for the banner and keeps to its answer", async () => {
  const [, code = ""] = section.match(/```ts\n(.*?)```/s) ?? [];
  const served = code
    .replace(`"waymark"`, `"/waymark/index.js"`)
    .replace(`"waymark/consent"`, `"/waymark/consent/index.js"`);
  const page = await scene.open();
  const seen = await page.evaluate(`(async () => {
    window.OnetrustActiveGroups = ",C0001,C0002,";
    const listeners = [];
    let closed = false;
    window.OneTrust = { IsAlertBoxClosed: () => closed, OnConsentChanged: (one) => listeners.push(one) };
    const code = new Blob([${JSON.stringify(served)}.replaceAll('"/', '"' + location.origin + '/')],
      { type: "text/javascript" });
    const { analytics } = await import(URL.createObjectURL(code));
    const before = analytics.consent.state;
    const clicked = analytics.track("Coupon Clicked").catch((error) => error.message);
    const viewed = analytics.track("Product Viewed");
    closed = true;
    listeners.forEach((listener) => listener());
    const { event } = await viewed;
    return [before, analytics.consent.state, await clicked, event.integrations["Ad Pixel"]];
  })()`);
  assert.deepEqual(seen, [
    "unknown",
    "granted",
    "Not recorded: consent was denied",
    false,
  ]);
});

test("each claim of the privacy section names a file of tests that is there", async () => {
  const rows = section.split("\n").filter((line) => /^\| [^-]/.test(line));
  const [, ...claims] = rows;
  assert.ok(claims.length > 10);
  for (const row of claims) {
    const [path = ""] = row.match(/(?:tests|crates)\/[\w./-]+/) ?? [];
    assert.ok(await readFile(join(ROOT, path), "utf8"), row);
  }
});
