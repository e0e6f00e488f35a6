// @ts-check
// The consent snippets of docs/consent-and-privacy.md, run in a page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/program.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { setScene } from "./scene.mjs";

const scene = setScene();

const [example, ...more] = await snippetsFor(import.meta.url);

test("the example waits for the banner and follows its answer", async () => {
  assert.deepEqual(more, []);
  const served = towards(example?.code ?? "", scene.gateway.host)
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

test("each claim names a test file that exists", async () => {
  const chapter = join(ROOT, "docs", "consent-and-privacy.md");
  const [, section = ""] = (await readFile(chapter, "utf8")).split(
    "\n## What is tested\n",
  );
  const rows = section.split("\n").filter((line) => /^\| [^-]/.test(line));
  const [, ...claims] = rows;
  assert.ok(claims.length > 20);
  for (const row of claims) {
    const paths = row.match(/(?:tests|crates)\/[\w./-]+/g) ?? [];
    assert.ok(paths.length > 0, row);
    for (const path of paths) {
      assert.ok(await readFile(join(ROOT, path), "utf8"), row);
    }
  }
});
