// @ts-check
// Measures what a killed shop leaves behind, and what a commit to the outbox takes, in a real Medusa.
// Usage: npm run bench (after scripts/setup medusa, with a gateway that is built)
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { source } from "../tests/source.mjs";
import * as stage from "../tests/stage.mjs";

const WAITS_MS = [0, 50, 250];
const ORDERS = 6;
const COMMITS = 1_000;

const { orderMessageId } = await source("message-id.ts");
const { Outbox } = await source("outbox/outbox.ts");

/** How many of these events the outbox has heard of. @param {string[]} orders */
async function known(orders) {
  const ids = orders.map((id) => `'${orderMessageId("Order Completed", id)}'`);
  const query = `select count(*) from waymark_event where id in (${ids.join(",")})`;
  return Number(await stage.postgres.sql("shop", query));
}

test("orders of a shop that is killed soon after its answer", async () => {
  /** @type {string[]} */
  const all = [];
  for (const waitMs of WAITS_MS) {
    let nWithout = 0;
    for (let n = 0; n < ORDERS; n++) {
      const { order } = await stage.shop.do("order", {
        ...{ shop: stage.goods, email: "guest@example.org" },
      });
      // What is measured, not a wait for something.
      await pause(waitMs);
      await stage.shop.kill();
      nWithout += 1 - (await known([order]));
      all.push(order);
      await stage.startShop();
    }
    console.log(
      `killed ${waitMs} ms after the answer: ${nWithout} of ${ORDERS} orders without an event`,
    );
  }
  // The job leaves the last seconds to the subscribers.
  await stage.postgres.sql(
    "shop",
    `update "order" set created_at = created_at - interval '1 minute',
       updated_at = updated_at - interval '1 minute'`,
  );
  await stage.shop.do("catchUp");
  await stage.shop.do("segment", ["flush"]);
  const told = (await stage.stored()).filter(
    ({ event, properties }) =>
      event === "Order Completed" && all.includes(properties.order_id),
  );
  console.log(
    `after the job's look: ${told.length} events of ${all.length} orders`,
  );
});

test("a commit to the outbox", async () => {
  const knex = createRequire(import.meta.url)("knex");
  const database = knex({
    client: "pg",
    connection: stage.postgres.url("outbox"),
  });
  try {
    const outbox = new Outbox(database);
    const body = JSON.stringify("x".repeat(1_000));
    /** @type {number[]} */
    const tookMs = [];
    for (let n = 0; n < COMMITS; n++) {
      const begun = performance.now();
      await outbox.append([{ id: `bench-${n}`, body }]);
      tookMs.push(performance.now() - begun);
    }
    tookMs.sort((a, b) => a - b);
    const at = (/** @type {number} */ part) =>
      tookMs[Math.floor(COMMITS * part)]?.toFixed(1);
    console.log(
      `a commit takes ${at(0.5)} ms (median; ${at(0.99)} ms at the 99th percentile)`,
    );
  } finally {
    await database.destroy();
  }
});
