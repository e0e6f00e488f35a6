// @ts-check
// The snippets of the README's section on extensions, run as they stand there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { ROOT } from "../support/program.mjs";
import { setScene } from "./scene.mjs";

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const [, section = ""] = readme.split(
  "## Redaction, attribution, samples and experiments\n",
);
const snippets = section
  .split("\n## ")[0]
  ?.split("```js\n")
  .slice(1)
  .map((rest) => rest.split("```")[0] ?? "");

const scene = setScene();

/** The code with its imports from where the page is served. @param {string} code */
const served = (code) =>
  code
    .replace('from "waymark"', 'from "/waymark/index.js"')
    .replace('from "waymark/sampling"', 'from "/waymark/sampling.js"')
    .replace(/from "waymark\/(\w+)"/g, 'from "/waymark/$1/index.js"')
    .replace("127.0.0.1:8080", scene.gateway.host);

test("the README's snippets do what it says", async () => {
  assert.equal(snippets?.length, 2);
  const link = "?utm_source=mail&q=jo%40mail.example&wm_link=x";
  await scene.visit(`/shop.html${link}`);
  const code = snippets?.join("\n") ?? "";
  await scene.run(`const script = document.createElement("script");
    script.type = "module";
    script.textContent = ${JSON.stringify(served(code))} + "globalThis.analytics = analytics;";
    document.head.append(script);`);
  await eventually(() => scene.run("return Boolean(globalThis.analytics);"));
  await scene.run(`analytics.track("Reviewed", { review: "call +49 171 2345678", iban: "DE1" });
    history.replaceState({}, "", "/shop.html?staff=1");
    await analytics.track("Mine");`);
  const events = (await scene.gateway.waitForEvents(2)).map(
    ({ event }) => event,
  );
  const viewed = events.find(({ event }) => event === "Experiment Viewed");
  assert.equal(viewed.properties.variation_name, "one page");
  const { context, properties } = events.find(
    ({ event }) => event === "Reviewed",
  );
  assert.deepEqual(properties, { review: "call redacted", iban: "redacted" });
  assert.equal(context.page.search, "?utm_source=mail&q=redacted");
  assert.equal(context.attribution.first.campaign.source, "mail");
  assert.equal(context.session.number, 1);
  assert.deepEqual(context.experiments, { Checkout: "one page" });
  const { extensions } = await scene.run(
    "return analytics.delivery().refused;",
  );
  assert.deepEqual(extensions, { staff: 1 });
});
