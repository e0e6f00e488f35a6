// @ts-check
// The service of `waymark/server`, over Segment's client, against the real gateway.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { EcommerceTracker, orderMessageId } from "waymark/ecommerce";
import { SegmentServerService } from "waymark/server";
import { eventually } from "../support/eventually.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { startGateway } from "../support/gateway.mjs";

const KEY = "demo-server-key";
const MOMENT = new Date("2026-03-04T05:06:07.089Z");
const CONTEXT = { ip: "203.0.113.9", locale: "nb-NO" };

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** What the services gave up. @type {[message: string, events: any[]][]} */
let told;
beforeEach(async () => {
  told = [];
  gateway = await startGateway();
});
afterEach(async () => {
  // A service that a failed test left would try for hours.
  await Promise.all(services.splice(0).map((service) => service.close(100)));
  await gateway.stop();
});

/** @type {SegmentServerService[]} */
const services = [];
/** @param {import("waymark/server").SegmentServerConfig} [config] */
function started(config) {
  const service = new SegmentServerService({
    host: gateway.url,
    onError: ({ message }, events) => told.push([message, events]),
    writeKey: KEY,
    ...config,
  });
  services.push(service);
  return service;
}

/** The stored events. */
const events = async () =>
  (await gateway.exportEvents()).map(({ event }) => event);

test("every call is stored field by field, in order", async () => {
  const service = started();
  const traits = { email: "ann@example.org", address: { city: "Tromsø" } };
  service.identify("u", traits, CONTEXT, MOMENT, "a", {
    integrations: { All: false },
    messageId: "m-1",
  });
  service.track("u", "Bought", { price: 5 }, CONTEXT, MOMENT, "a");
  service.trackAnonymous("a", "Seen", { price: 6 });
  service.page("u", "Shop", "Cart", { path: "/cart" });
  service.page("", undefined, "/", {}, undefined, undefined, "a");
  service.screen("u", "Cart", { items: 2 });
  service.group("u", "acme", { seats: 3 });
  service.alias("u", "a");
  await service.close();
  assert.deepEqual(told, []);
  const stored = await events();
  const shapes = stored.map(({ type, userId, anonymousId }) => [
    type,
    userId,
    anonymousId,
  ]);
  assert.deepEqual(shapes, [
    ["identify", "u", "a"],
    ["track", "u", "a"],
    ["track", undefined, "a"],
    ["page", "u", undefined],
    ["page", undefined, "a"],
    ["screen", "u", undefined],
    ["group", "u", undefined],
    ["alias", "u", undefined],
  ]);
  const [identify, track, seen, page, , screen, group, alias] = stored;
  assert.deepEqual(identify.traits, traits);
  assert.deepEqual(identify.integrations, { All: false });
  assert.equal(identify.messageId, "m-1");
  assert.equal(track.timestamp, MOMENT.toISOString());
  assert.equal(track.context.ip, CONTEXT.ip);
  assert.deepEqual([track.event, track.properties], ["Bought", { price: 5 }]);
  assert.deepEqual(seen.properties, { price: 6 });
  assert.deepEqual([page.category, page.name], ["Shop", "Cart"]);
  assert.equal(page.properties.path, "/cart");
  assert.deepEqual([screen.name, screen.properties], ["Cart", { items: 2 }]);
  assert.deepEqual([group.groupId, group.traits], ["acme", { seats: 3 }]);
  assert.equal(alias.previousId, "a");
});

test("what the caller changes after a call is not what is sent", async () => {
  const service = started();
  const properties = { list: [1], big: 12n, at: MOMENT, none: undefined };
  service.track("u", "Kept", properties);
  properties.list.push(2);
  await service.flush();
  const [{ properties: stored }] = await events();
  assert.deepEqual(stored, { list: [1], big: "12", at: MOMENT.toISOString() });
});

test("what makes no event is refused at once", async () => {
  const service = started();
  for (const call of [
    () => service.track("", "Nobody"),
    () => service.track("u", ""),
    () => service.page(undefined),
    () => service.group("u", ""),
    () => service.alias("u", ""),
    () => service.alias("", "a"),
    () => service.track("u", "When", {}, {}, "soon"),
    () => new SegmentServerService({ host: "shop.example", writeKey: KEY }),
    () => new SegmentServerService({ writeKey: KEY }),
    () => new SegmentServerService({ host: gateway.url }),
  ]) {
    assert.throws(call, TypeError);
  }
  await service.close();
  assert.deepEqual(await events(), []);
});

test("many batches arrive complete and once, with flushes beside each other", async () => {
  const service = started({ flushAt: 20 });
  /** @type {Promise<boolean>[]} */
  const flushed = [];
  for (let n = 0; n < 1000; n++) {
    service.track("u", `Event ${n}`);
    if (n % 90 === 0) flushed.push(service.flush());
  }
  assert.ok((await Promise.all(flushed)).every(Boolean));
  await service.close();
  const names = (await events()).map(({ event }) => event);
  assert.deepEqual(
    names.sort(),
    Array.from({ length: 1000 }, (_, n) => `Event ${n}`).sort(),
  );
  assert.deepEqual(told, []);
});

test("events outlast a gateway that is restarted", async () => {
  const { folder: own, host } = gateway;
  const service = started();
  await gateway.kill();
  for (let n = 0; n < 50; n++) service.track("u", `Event ${n}`);
  assert.equal(await service.flush(200), false);
  const again = await startGateway({ folder: own, listen: host });
  try {
    await eventually(() => service.flush(1000), { what: "a flush" });
    assert.deepEqual(told, []);
    assert.equal((await again.exportEvents()).length, 50);
  } finally {
    await again.stop();
  }
});

test("a full queue gives up what comes, and tells", async () => {
  const service = started({ maxQueueSize: 2 });
  for (const name of ["One", "Two", "Three"]) service.track("u", name);
  assert.deepEqual(
    told.map(([message, [event]]) => [message, event.event]),
    [["waymark: the queue is full", "Three"]],
  );
  await service.close();
  assert.equal((await events()).length, 2);
});

test("a key that no source has, and an event that is refused in a batch, are told", async () => {
  const unknown = started({ writeKey: "none" });
  unknown.track("u", "Refused");
  assert.equal(await unknown.flush(), true);
  assert.equal(told[0]?.[1][0].event, "Refused");
  assert.match(String(told[0]?.[0]), /401/);
  told = [];
  const service = started();
  service.track("u", "Good");
  service.track("x".repeat(2000), "Bad");
  await service.close();
  assert.equal((await events()).length, 1);
  assert.equal(told[0]?.[1][0].event, "Bad");
  assert.match(String(told[0]?.[0]), /^field_too_long: /);
});

test("a host that redirects has not taken the events", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.writeHead(301, { location: gateway.url }).end();
  });
  const host = await listen(server);
  try {
    const service = started({ host: `http://${host}`, maxRetries: 1 });
    service.track("u", "Redirected");
    await service.flush();
    assert.match(String(told[0]?.[0]), /redirects \(301\)/);
    assert.equal(asked, 2);
  } finally {
    await shut(server);
  }
});

test("a host may have a path, and disable sends nothing", async () => {
  /** @type {string[]} */
  const paths = [];
  const server = createServer((request, response) => {
    paths.push(String(request.url));
    response.end('{"success":true}');
  });
  const host = await listen(server);
  try {
    const service = started({ host: `http://${host}/events/v1/` });
    service.track("u", "Below");
    await service.close();
    const off = started({ disable: true });
    off.track("u", "Off");
    assert.throws(() => off.track("", "Off"), TypeError);
    await off.close();
    assert.deepEqual(paths, ["/events/v1/batch"]);
  } finally {
    await shut(server);
  }
});

test("an order that page and server tell of counts once", async () => {
  const service = started();
  EcommerceTracker.use((event) => service.trackEvent(event));
  const order = { orderId: "o-1", total: 10, revenue: 10, products: [] };
  new EcommerceTracker("u", "a").orderCompleted(order);
  new EcommerceTracker("u", "a").orderCompleted(order);
  await service.close();
  const [stored, ...more] = await events();
  assert.deepEqual(more, []);
  assert.equal(stored.messageId, orderMessageId("Order Completed", "o-1"));
  assert.deepEqual([stored.userId, stored.anonymousId], ["u", "a"]);
});
