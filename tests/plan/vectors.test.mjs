// @ts-check
// The vectors that hold `waymark/plan` and the gateway's `waymark-plan` to one judgement.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Context } from "waymark";
import { enforcePlan } from "waymark/plan";
import { generateTypes } from "waymark/plan/types";

const VECTORS = JSON.parse(
  readFileSync(
    join(import.meta.dirname, "..", "vectors", "plans.json"),
    "utf8",
  ),
);

test("each event has the problems of the vectors", async () => {
  process.env.NODE_ENV = "development";
  for (const { plan, events } of VECTORS.judged) {
    /** @type {import("waymark").Plugin[]} */
    const plugins = [];
    /** @type {any} */
    const client = {
      register: async (/** @type {import("waymark").Plugin[]} */ ...added) =>
        plugins.push(...added),
    };
    /** @type {[string, string][]} */
    let told = [];
    enforcePlan(client, plan, {
      mode: "allow",
      onProblem: (_, found) => {
        told = found.map(({ path, message }) => [path, message]);
      },
    });
    await plugins[0]?.load(Context.system(), client);
    for (const { event, properties, problems } of events) {
      told = [];
      void plugins[0]?.track?.(
        new Context({ type: "track", event, properties }),
      );
      assert.deepEqual(told, problems, event);
    }
  }
});

test("each hostile plan is refused as the vectors say", () => {
  for (const { plan, why } of VECTORS.refused) {
    assert.throws(() => generateTypes(plan), { message: why });
  }
});
