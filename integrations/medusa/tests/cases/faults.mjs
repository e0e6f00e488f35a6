// @ts-check
// Gateways that are down, and a Medusa that is killed: nothing is lost, and nothing counts twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../../../tests/support/eventually.mjs";
import * as stage from "../stage.mjs";

const { events, ofOrder, stored } = stage;

/** How many events wait in the outbox. */
const waiting = async () =>
  Number(
    await stage.postgres.sql(
      "shop",
      "select count(*) from waymark_event where status = 'pending'",
    ),
  );

test("a gateway that is down for a while gets what happened meanwhile", async () => {
  await stage.gateway.kill();
  const { order } = await stage.shop.do("order", {
    ...{ shop: stage.goods, email: "guest@example.org" },
  });
  // The cart's three events, and the order's.
  await eventually(async () => (await waiting()) === 4, {
    what: "four events in the outbox",
  });
  await stage.startGatewayAgain();
  const [{ event }] = await events(1, ofOrder(order));
  assert.equal(event, "Order Completed");
});

test("a Medusa that is killed before the answer sends again, and the gateway knows", async () => {
  stage.front.swallowAnswers(true);
  const { order, payment } = await stage.shop.do("order", {
    ...{ shop: stage.goods, email: "guest@example.org" },
  });
  await stage.shop.do("capture", payment);
  await stage.shop.do("refund", [payment, 1.5]);
  await eventually(async () => (await waiting()) === 5, {
    what: "five events in the outbox",
  });
  // The gateway has some, and the shop does not know.
  await eventually(async () => stage.front.swallowed() > 0, {
    what: "a request without an answer",
  });
  await stage.shop.kill();
  assert.equal(await waiting(), 5);
  stage.front.swallowAnswers(false);
  await stage.startShop();
  // It waits until the killed one's claim is over.
  await eventually(async () => (await waiting()) === 0, {
    ...{ deadlineMs: 40_000, what: "an empty outbox" },
  });
  const all = await events(2, ofOrder(order));
  const names = all.map(({ event }) => event).sort();
  assert.deepEqual(names, ["Order Completed", "Order Refunded"]);
});

test("what a kill took between the commit and the subscriber is told later", async () => {
  const { order, payment } = await stage.shop.do("order", {
    ...{ shop: stage.goods, email: "guest@example.org" },
  });
  await stage.shop.do("capture", payment);
  await stage.shop.do("refund", [payment, 2]);
  await events(2, ofOrder(order));
  const { length: before } = await stored();
  const ids = (await stored())
    .filter(ofOrder(order))
    .map((one) => one.messageId);
  // As if the outbox had never heard of them, a minute ago.
  const listed = ids.map((id) => `'${id}'`).join(",");
  const ago = "now() - interval '1 minute'";
  await stage.postgres.sql(
    "shop",
    `delete from waymark_event where id in (${listed});
     update "order" set updated_at = ${ago}, created_at = ${ago};
     update refund set created_at = ${ago};`,
  );
  await stage.shop.do("catchUp");
  const again = await stage.postgres.sql(
    "shop",
    `select count(*) from waymark_event where id in (${listed})`,
  );
  assert.equal(again, "2");
  assert.ok(await stage.shop.do("segment", ["flush"]));
  // The gateway has them already, and knows them.
  assert.equal((await stored()).length, before);
});

test("a Medusa that ends sends what it has, and ends", async () => {
  await stage.shop.do("segment", ["track", { userId: "last", event: "Last" }]);
  assert.equal(await stage.shop.stop(), 0);
  const last = (await stored()).filter(({ userId }) => userId === "last");
  assert.equal(last.length, 1);
});
