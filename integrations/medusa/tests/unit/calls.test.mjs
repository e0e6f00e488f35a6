// @ts-check
// A shop's own calls, those of the Analytics Module, and what requests to the store API say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "../source.mjs";

const { eventOf } = await source("modules/segment/calls.ts");
const { trackOf, identifyOf } = await source("providers/analytics/calls.ts");
const { eventsOf } = await source("api/store-events.ts");
const { visitorMetadata } = await source("storefront.ts");

test("a call without a user is a guest's, by its cart if it has one", () => {
  const call = { event: "A", properties: { cart_id: "cart_1" } };
  const { anonymousId, messageId } = eventOf("track", call);
  assert.equal(
    eventOf("track", { ...call, event: "B" }).anonymousId,
    anonymousId,
  );
  assert.notEqual(eventOf("track", call).messageId, messageId);
  const nobody = eventOf("track", { event: "A" });
  assert.notEqual(
    nobody.anonymousId,
    eventOf("track", { event: "A" }).anonymousId,
  );
  assert.equal(
    eventOf("track", { event: "A", userId: "u" }).anonymousId,
    undefined,
  );
  for (const [type, wrong] of [
    ["track", {}],
    ["group", { userId: "u" }],
    ["alias", { userId: "u" }],
    ["track", { event: "A", timestamp: "never" }],
  ]) {
    assert.throws(() => eventOf(type, wrong), TypeError);
  }
});

test("the Analytics Module's properties say what its calls cannot", () => {
  const context = { ip: "192.0.2.1" };
  const about = { message_id: "m", anonymous_id: "a", timestamp: "2026-01-01" };
  assert.deepEqual(
    trackOf({
      ...{ event: "E", group: { type: "company", id: "acme" } },
      properties: { ...about, context, value: 1 },
    }),
    {
      ...{ event: "E", messageId: "m", anonymousId: "a" },
      ...{ timestamp: "2026-01-01", properties: { value: 1 } },
      context: { ip: "192.0.2.1", groupId: "acme", groupType: "company" },
    },
  );
  const traits = { plan: "gold" };
  assert.deepEqual(identifyOf({ actor_id: "u", properties: traits }), {
    identify: { userId: "u", traits },
  });
  const { group } = identifyOf({ group: { type: "company", id: "acme" } });
  assert.equal(group.groupId, "acme");
  assert.ok(group.anonymousId);
});

/** @param {object} request */
const asked = (request) =>
  eventsOf(
    {
      ...{ method: "GET", path: "/", query: {}, body: {}, answer: {} },
      headers: { "x-anonymous-id": "visitor" },
      ...request,
    },
    () => "random",
  );

test("a request of nobody makes no event", () => {
  const search = { path: "/store/products", query: { q: "mug" } };
  assert.equal(asked(search).length, 1);
  assert.deepEqual(asked({ ...search, headers: {} }), []);
  assert.deepEqual(asked({ ...search, query: { q: " " } }), []);
  const cookie = "a=b; ajs_anonymous_id=by%2Dcookie";
  const [{ anonymousId }] = asked({ ...search, headers: { cookie } });
  assert.equal(anonymousId, "by-cookie");
  const bad = { cookie: "ajs_anonymous_id=%E0%A4%A" };
  assert.deepEqual(asked({ ...search, headers: bad }), []);
});

test("a log-in is the customer's in the token", () => {
  const payload = { actor_type: "customer", actor_id: "cus_1" };
  const token = (/** @type {object} */ said) =>
    `h.${Buffer.from(JSON.stringify(said)).toString("base64url")}.s`;
  const login = { method: "POST", path: "/auth/customer/emailpass" };
  const [event] = asked({ ...login, answer: { token: token(payload) } });
  assert.deepEqual([event.event, event.userId], ["Signed In", "cus_1"]);
  const admin = token({ ...payload, actor_type: "user" });
  for (const wrong of [admin, "h", "h.%.s", 7, undefined]) {
    assert.deepEqual(asked({ ...login, answer: { token: wrong } }), []);
  }
});

test("a checkout's steps count once for a cart", () => {
  const cart = {
    id: "cart_1",
    customer_id: "cus_1",
    total: 8,
    currency_code: "eur",
  };
  const start = {
    ...{ method: "POST", path: "/store/carts/cart_1", answer: { cart } },
    ...{ body: { email: "a@example.org" }, headers: {} },
  };
  const [first] = asked(start);
  assert.equal(first.event, "Checkout Started");
  assert.equal(first.userId, "cus_1");
  assert.equal(asked(start)[0].messageId, first.messageId);
  assert.deepEqual(asked({ ...start, body: { metadata: {} } }), []);
});

test("a page's anonymous id goes into a cart's metadata, if there is one", async () => {
  const client = { user: () => ({ anonymousId: () => "visitor" }) };
  const waymark_anonymous_id = "visitor";
  assert.deepEqual(await visitorMetadata(client, { gift: true }), {
    ...{ gift: true, waymark_anonymous_id },
  });
  const later = { user: async () => client.user() };
  assert.deepEqual(await visitorMetadata(later), { waymark_anonymous_id });
  for (const user of [() => undefined, () => Promise.reject(new Error("no"))]) {
    assert.deepEqual(await visitorMetadata({ user }, null), {});
  }
});
