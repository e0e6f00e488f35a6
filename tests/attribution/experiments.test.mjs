// @ts-check
// Samples, experiments and recordings in a real browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setScene } from "../privacy/scene.mjs";
import { sourceModule } from "../support/source-module.mjs";

const scene = setScene();
const { stableHash } = await sourceModule("stable-hash.ts");

test("a sample is of visitors: the id that decides before the client is there is the events'", async () => {
  await scene.visit();
  const counts = await scene.start(
    `const early = analytics.track("Half");
     await analytics;
     await early;
     await analytics.track("Half");
     await analytics.track("Always");
     return analytics.delivery().refused.extensions;`,
    `extensions: [entry.sampling({ rates: { Half: 0.5 } })]`,
    "sampling",
  );
  const isKept = counts.sampling === undefined;
  const events = await scene.gateway.waitForEvents(isKept ? 3 : 1);
  const names = events.map(({ event }) => event.event);
  assert.deepEqual(names, isKept ? ["Half", "Half", "Always"] : ["Always"]);
  assert.deepEqual(counts, isKept ? {} : { sampling: 2 });
  assert.equal(stableHash(events[0]?.anonymousId ?? "") < 0.5, isKept);
  for (const { event } of events) {
    const rate = event.event === "Half" ? { rate: 0.5 } : undefined;
    assert.deepEqual(event.context.sampling, rate);
  }
});

test("an experiment is viewed once a session, and stamped on what follows", async () => {
  const code = `globalThis.tests.experiment(analytics, "Checkout", "one page");
    globalThis.tests.flag(analytics, "dark", true);
    globalThis.tests.experiment(analytics, "Checkout", "one page");
    await analytics.track("Bought");
    return analytics.delivery().refused.extensions;`;
  const options = `extensions: [globalThis.tests = entry.experiments()]`;
  await scene.visit();
  const first = await scene.start(code, options, "experiments/index");
  assert.deepEqual(first, { experimentViewed: 1 });
  await scene.gateway.waitForEvents(3);
  await scene.visit("/next.html");
  const second = await scene.start(code, options, "experiments/index");
  assert.deepEqual(second, { experimentViewed: 3 });
  const events = (await scene.gateway.waitForEvents(4)).map(
    ({ event }) => event,
  );
  assert.deepEqual(
    events.map(({ event }) => event),
    ["Experiment Viewed", "Experiment Viewed", "Bought", "Bought"],
  );
  assert.deepEqual(events[0].properties, {
    experiment_id: "Checkout",
    experiment_name: "Checkout",
    variation_id: "one page",
    variation_name: "one page",
  });
  for (const { context } of events.slice(2)) {
    assert.deepEqual(context.experiments, { Checkout: "one page" });
    assert.deepEqual(context.flags, { dark: true });
  }
});

test("events say which recording shows them", async () => {
  await scene.visit();
  await scene.start(
    `await analytics.track("Before");
     globalThis.LogRocket = { sessionURL: "https://replay.example/1" };
     await analytics.track("During");`,
    `extensions: [entry.sessionReplay()]`,
    "experiments/index",
  );
  const events = await scene.gateway.waitForEvents(2);
  assert.deepEqual(
    events.map(({ event }) => event.context.replay),
    [undefined, { tool: "logrocket", url: "https://replay.example/1" }],
  );
});
