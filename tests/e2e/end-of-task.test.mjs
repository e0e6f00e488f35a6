// @ts-check
// Events are made at the end of the task that records them. The page must not notice: not when it
// asks meanwhile, nor by the order of events, nor by their visitor.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "./shop.mjs";

const shop = setShop({ "/shop.html": "<!doctype html><title>Shop</title>" });

beforeEach(async () => {
  await shop.open("/shop.html");
  await shop.run("[globalThis.client] = await analytics");
});

/** The events in the order of their calls, once there are `count`. @param {number} count */
async function recorded(count) {
  const stored = await shop.gateway.waitForEvents(count);
  return stored.map(({ event }) => event);
}

test("a question in the task of a call finds the call made", async () => {
  const seen = await shop.page.evaluate(`(() => {
    const before = client.delivery().accepted;
    client.track("One");
    client.page("Two");
    const accepted = client.delivery().accepted - before;
    client.track("Three");
    return { accepted, id: client.user().anonymousId() };
  })()`);
  const { accepted, id } = /** @type {{ accepted: number, id: string }} */ (
    seen
  );
  assert.equal(accepted, 2);
  const events = await recorded(3);
  assert.deepEqual(
    events.map((event) => event.event ?? event.name),
    ["One", "Two", "Three"],
  );
  assert.deepEqual(
    new Set(events.map((event) => event.anonymousId)),
    new Set([id]),
  );
});

test("calls of one task keep their order, and each call its visitor", async () => {
  await shop.page.evaluate(`(() => {
    client.track("Unknown");
    client.identify("u1");
    client.track("Known");
    client.reset();
    client.track("Forgotten");
    client.setAnonymousId("mine");
    client.track("Named");
  })()`);
  const events = await recorded(5);
  assert.deepEqual(
    events.map((event) => event.event ?? event.type),
    ["Unknown", "identify", "Known", "Forgotten", "Named"],
  );
  assert.deepEqual(
    events.map((event) => event.userId ?? null),
    [null, "u1", "u1", null, null],
  );
  const [unknown, , known, forgotten, named] = events.map(
    (event) => event.anonymousId,
  );
  assert.equal(known, unknown);
  assert.notEqual(forgotten, known);
  assert.notEqual(forgotten, named);
  assert.equal(named, "mine");
});

test("a call that a listener makes comes after those that wait", async () => {
  await shop.page.evaluate(`(() => {
    client.once("dispatch_start", () => void client.track("Heard"));
    client.track("One");
    client.track("Two");
  })()`);
  const events = await recorded(3);
  assert.deepEqual(
    events.map((event) => event.event),
    ["One", "Two", "Heard"],
  );
});

test("arguments that change after a call do not change its event", async () => {
  await shop.page.evaluate(`(() => {
    const properties = { step: 1 };
    client.track("Step", properties);
    properties.step = 2;
    history.replaceState({}, "", "/later.html");
    document.title = "Later";
  })()`);
  const [{ properties, context }] = await recorded(1);
  assert.equal(properties.step, 1);
  assert.equal(context.page.title, "Shop");
  assert.equal(context.page.path, "/shop.html");
});
