// @ts-check
// The snippets of docs/consent-and-privacy.md on extensions and links, run unchanged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { setScene } from "./scene.mjs";

const snippets = await snippetsFor(import.meta.url);

const scene = setScene();

/** The code, importing the package from where the page serves it. @param {string} code */
const served = (code) =>
  towards(code, scene.gateway.host)
    .replace('from "waymark"', 'from "/waymark/index.js"')
    .replace('from "waymark/sampling"', 'from "/waymark/sampling.js"')
    .replace(/from "waymark\/(\w+)"/g, 'from "/waymark/$1/index.js"');

test("the snippets do what the chapter says", async () => {
  assert.equal(snippets.length, 2);
  const link = "?utm_source=mail&q=jo%40mail.example&wm_link=x";
  await scene.visit(`/shop.html${link}`);
  const code = snippets.map((one) => one.code).join("\n");
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
