// @ts-check
// Segment's own Node client, as it comes from npm, against the real gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Analytics } from "@segment/analytics-node";
import { startGateway } from "../support/gateway.mjs";
import { assertFields, only } from "./assert-fields.mjs";

const WRITE_KEY = "demo-server-key";
const TIMESTAMP = new Date("2026-03-04T05:06:07.089Z");
const ADDRESS = { city: "Tromsø", postalCode: "9008", tags: ["a", 1, null] };

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;

before(async () => {
  gateway = await startGateway();
});

after(async () => {
  await gateway?.stop();
});

/** @param {Partial<import("@segment/analytics-node").AnalyticsSettings>} [settings] */
function client(settings = {}) {
  const analytics = new Analytics({
    writeKey: WRITE_KEY,
    host: gateway.url,
    ...settings,
  });
  /** @type {unknown[]} */
  const errors = [];
  analytics.on("error", (error) => errors.push(error));
  return { analytics, errors };
}

test("every call of the Node client is stored field by field", async () => {
  const { analytics, errors } = client();
  const common = {
    userId: "node-user",
    timestamp: TIMESTAMP,
    context: { ip: "203.0.113.9", locale: "nb-NO" },
    integrations: { All: true, Mixpanel: false },
  };
  const traits = { email: "ann@example.org", address: ADDRESS };
  analytics.identify({ ...common, traits, messageId: "node-identify" });
  analytics.track({
    ...common,
    anonymousId: "node-anon",
    event: "Order Completed",
    properties: { total: 148.5, currency: "EUR", products: [{ sku: "å" }] },
    messageId: "node-track",
  });
  const page = { category: "Shop", name: "Cart", properties: { url: "x:/" } };
  analytics.page({ ...common, ...page, messageId: "node-page" });
  analytics.screen({ ...common, name: "Cart", messageId: "node-screen" });
  const group = { groupId: "acme", traits: { seats: 3 } };
  analytics.group({ ...common, ...group, messageId: "node-group" });
  const alias = { previousId: "node-anon", messageId: "node-alias" };
  analytics.alias({ ...common, ...alias });
  await analytics.closeAndFlush();
  assert.deepEqual(errors, []);

  const stored = await gateway.waitForEvents(6);
  assert.equal(stored.length, 6);
  for (const record of stored) {
    const { event, type } = record;
    assert.equal(record.source, "shop");
    assert.equal(record.keyKind, "server");
    assert.equal(record.messageId, `node-${type}`);
    assert.equal(record.userId, "node-user");
    assertFields(event, {
      type,
      userId: "node-user",
      messageId: `node-${type}`,
      integrations: common.integrations,
    });
    assert.equal(event.context.library.name, "@segment/analytics-node");
    assert.equal(event.context.locale, "nb-NO");
    assert.equal(event.context.ip, "203.0.113.9");
    assert.ok(Date.parse(record.receivedAt) > TIMESTAMP.getTime());
  }
  assertFields(only(stored, "identify").event, { traits });
  assert.equal(only(stored, "track").anonymousId, "node-anon");
  assertFields(only(stored, "track").event, {
    anonymousId: "node-anon",
    event: "Order Completed",
    properties: { total: 148.5, currency: "EUR", products: [{ sku: "å" }] },
  });
  assertFields(only(stored, "page").event, {
    name: "Cart",
    category: "Shop",
    properties: { url: "x:/", category: "Shop" },
  });
  assertFields(only(stored, "screen").event, { name: "Cart" });
  assertFields(only(stored, "group").event, group);
  assertFields(only(stored, "alias").event, { previousId: "node-anon" });
});

test("many batches of the Node client arrive complete and once", async () => {
  const { analytics, errors } = client({ flushAt: 50 });
  const sent = Array.from({ length: 1000 }, (_, n) => `many-${n}`);
  for (const messageId of sent) {
    analytics.track({ userId: "u", event: "Many", messageId });
  }
  await analytics.closeAndFlush();
  assert.deepEqual(errors, []);
  const stored = await gateway.exportEvents();
  const arrived = stored
    .map((record) => record.messageId)
    .filter((id) => id.startsWith("many-"));
  assert.deepEqual(arrived.sort(), sent.sort());
});

test("a message sent twice is acknowledged twice and stored once", async () => {
  for (let turn = 0; turn < 2; turn += 1) {
    const { analytics, errors } = client();
    const messageId = "node-repeated";
    analytics.track({ userId: "u", event: "Repeated", messageId });
    await analytics.closeAndFlush();
    assert.deepEqual(errors, []);
  }
  const stored = await gateway.exportEvents();
  const repeats = stored.filter((it) => it.messageId === "node-repeated");
  assert.equal(repeats.length, 1);
});

test("an unknown write key is refused and reported to the client", async () => {
  const { analytics, errors } = client({ writeKey: "no-such-key" });
  const messageId = "node-refused";
  analytics.track({ userId: "u", event: "Refused", messageId });
  await analytics.closeAndFlush();
  assert.equal(errors.length, 1);
  const stored = await gateway.exportEvents();
  assert.ok(!stored.some((it) => it.messageId === messageId));
});
