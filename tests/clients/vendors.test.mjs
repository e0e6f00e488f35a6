// @ts-check
// The vendors' own clients, as they come from npm, are the judges: what they send for an event is
// compared field by field with what the gateway sends for the same one.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import * as amplitude from "@amplitude/analytics-node";
import Mixpanel from "mixpanel";
import { PostHog } from "posthog-node";
import "../support/watchdog.mjs";
import { startGateway } from "../support/gateway.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { AMPLITUDE, judge, MIXPANEL, NO_TIME, POSTHOG } from "./judge.mjs";

const KEY = "the-project-s-key";
const TIME = new Date("2026-11-27T10:20:30.456Z");
const USER = "customer-1";
const VISITOR = "visitor-1";
const IP = "203.0.113.9";
const ORDER = {
  order_id: "o-1",
  total: 37.48,
  revenue: 30.99,
  currency: "EUR",
  coupon: "SPRING",
};
const TRAITS = { email: "ann@shop.example", name: "Ann", plan: "gold" };
const GROUP = { name: "Acme", seats: 3 };

/** The server in the vendors' place. @type {import("node:http").Server} */
let server;
let host = "";
/** Its requests: path and body. @type {{ path: string, body: any }[]} */
const received = [];
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;

/** Reads a body as each of the clients writes it. @param {Buffer} bytes @param {URL} url */
function bodyOf(bytes, url) {
  const plain = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  const text = plain.toString();
  const form =
    url.searchParams.get("data") ?? new URLSearchParams(text).get("data");
  return JSON.parse(form ? Buffer.from(form, "base64").toString() : text);
}

before(async () => {
  server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://vendor");
      received.push({
        path: url.pathname,
        body: bodyOf(Buffer.concat(parts), url),
      });
      const isMixpanel = /\/theirs\/(track|engage|groups)/.test(url.pathname);
      response.end(isMixpanel ? "1" : '{"code":200,"status":1}');
    });
  });
  host = await listen(server);
  gateway = await startGateway({
    toml: `
      [[sources.destinations]]
      kind = "posthog"
      api_key = "${KEY}"
      host = "http://${host}/ours"
      [[sources.destinations]]
      kind = "mixpanel"
      token = "${KEY}"
      host = "http://${host}/ours"
      [[sources.destinations]]
      kind = "amplitude"
      api_key = "${KEY}"
      host = "http://${host}/ours"
    `,
  });
  const common = {
    userId: USER,
    anonymousId: VISITOR,
    timestamp: TIME.toISOString(),
    context: { ip: IP, library: { name: "shop", version: "1" } },
  };
  const events = [
    { type: "track", event: "Order Completed", properties: ORDER },
    { type: "identify", traits: TRAITS },
    { type: "group", groupId: "acme", traits: GROUP },
  ];
  const batch = events.map((event) => ({
    ...common,
    ...event,
    messageId: `judge-${event.type}`,
  }));
  const sent = await fetch(`${gateway.url}/v1/batch`, {
    method: "POST",
    body: JSON.stringify({ writeKey: "demo-server-key", batch }),
  });
  assert.equal(sent.status, 200);
  const flushed = await fetch(`${gateway.adminUrl}/flush`, { method: "POST" });
  assert.equal(flushed.status, 200);
});

after(async () => {
  await gateway?.stop();
  await shut(server);
});

/** All bodies so far at paths that end like this. @param {RegExp} path */
const bodies = (path) =>
  received.filter((one) => path.test(one.path)).map((one) => one.body);

test("PostHog's client sends the same", async () => {
  const client = new PostHog(KEY, {
    host: `http://${host}/theirs`,
    flushAt: 20,
  });
  const common = { distinctId: USER, timestamp: TIME };
  client.capture({ ...common, event: "Order Completed", properties: ORDER });
  client.identify({ ...common, properties: TRAITS });
  client.groupIdentify({
    groupType: "company",
    groupKey: "acme",
    properties: GROUP,
    distinctId: USER,
  });
  await client.shutdown();
  const [ours, theirs] = [/ours\/batch/, /theirs\/batch/].map((path) =>
    bodies(path).flatMap(({ batch }) => batch),
  );
  /** @param {any[]} events @param {string} name */
  const named = (events, name) => events.find(({ event }) => event === name);
  judge(
    named(ours, "Order Completed"),
    named(theirs, "Order Completed"),
    POSTHOG,
  );
  judge(named(ours, "$identify"), named(theirs, "$identify"), {
    ...POSTHOG,
    timestamp: NO_TIME,
    "properties.$anon_distinct_id":
      "joins the visitor's events; the client has `alias` for it",
  });
  judge(named(ours, "$groupidentify"), named(theirs, "$groupidentify"), {
    ...POSTHOG,
    timestamp: NO_TIME,
    "properties.$groups.company": "the user belongs to the group from now on",
  });
});

test("Mixpanel's client sends the same", async () => {
  const [hostname, port] = host.split(":");
  /** @type {any} its types have no port */
  const settings = { protocol: "http", host: hostname, port, path: "/theirs" };
  const client = Mixpanel.init(KEY, settings);
  /** @param {(done: (error: any) => void) => void} call */
  const done = (call) =>
    new Promise((resolve, reject) =>
      call((error) => (error ? reject(new Error(error)) : resolve(undefined))),
    );
  await done((end) =>
    client.track(
      "Order Completed",
      { distinct_id: USER, ip: IP, time: TIME, ...ORDER },
      end,
    ),
  );
  await done((end) =>
    client.people.set(
      USER,
      { $email: TRAITS.email, $name: TRAITS.name, plan: TRAITS.plan },
      { $ip: IP },
      end,
    ),
  );
  await done((end) =>
    client.groups.set(
      "$group_id",
      "acme",
      { $name: GROUP.name, seats: 3 },
      end,
    ),
  );
  const list = (/** @type {RegExp} */ path) => bodies(path).flat();
  const order = list(/ours\/import/).find(
    ({ event }) => event === "Order Completed",
  );
  judge(order, list(/theirs\/track/)[0], MIXPANEL);
  judge(
    list(/ours\/engage/).find((one) => one.$set),
    list(/theirs\/engage/)[0],
    {},
  );
  judge(list(/ours\/groups/)[0], list(/theirs\/groups/)[0], {});
});

test("Amplitude's client sends the same", async () => {
  const client = amplitude.createInstance();
  await client.init(KEY, {
    serverUrl: `http://${host}/theirs/2/httpapi`,
    // Its timer would keep the test running.
    flushIntervalMillis: 10,
  }).promise;
  const common = {
    user_id: USER,
    device_id: VISITOR,
    time: TIME.getTime(),
    ip: IP,
  };
  const revenue = {
    revenue: ORDER.revenue,
    currency: ORDER.currency,
    revenueType: "Purchase",
  };
  const order = { event_type: "Order Completed", ...common, ...revenue };
  const results = [
    client.track({ ...order, event_properties: ORDER }),
    client.identify(identified(), common),
    client.groupIdentify("company", "acme", grouped(), common),
  ];
  await client.flush().promise;
  for (const { promise } of results) assert.equal((await promise).code, 200);
  const [ours, theirs] = [/ours\/2\/httpapi/, /theirs\/2\/httpapi/].map(
    (path) => bodies(path).flatMap(({ events }) => events),
  );
  /** @param {any[]} events @param {string} name */
  const named = (events, name) =>
    events.find(({ event_type }) => event_type === name);
  judge(
    named(ours, "Order Completed"),
    named(theirs, "Order Completed"),
    AMPLITUDE,
  );
  judge(named(ours, "$identify"), named(theirs, "$identify"), AMPLITUDE);
  judge(
    named(ours, "$groupidentify"),
    named(theirs, "$groupidentify"),
    AMPLITUDE,
  );
});

/** The traits, as Amplitude's client takes them. */
function identified() {
  const identify = new amplitude.Identify();
  for (const [name, value] of Object.entries(TRAITS)) identify.set(name, value);
  return identify;
}

/** The group's traits. */
function grouped() {
  const group = new amplitude.Identify();
  for (const [name, value] of Object.entries(GROUP)) group.set(name, value);
  return group;
}
