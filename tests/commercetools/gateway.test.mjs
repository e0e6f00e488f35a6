// @ts-check
// What commercetools sends, in every envelope, against the real gateway. The customer is that of a
// server that answers as commercetools does.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EcommerceTracker, orderMessageId } from "waymark/ecommerce";
import { SegmentServerService } from "waymark/server";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { commercetools, Topic } from "./project.mjs";

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {Topic} */
let topic;
/** @type {string} */
let folder;
/** @type {any} */
let customer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-commercetools-"));
  topic = await new Topic().start(folder);
  const keys = (/** @type {string} */ name) => `
    [[sources.keys]]
    key = "${name}-server"
    kind = "server"
    [[sources.keys]]
    key = "${name}-browser"
    kind = "browser"`;
  gateway = await startGateway({
    sources: [],
    toml: `
    [[sources]]
    name = "shop"
    kind = "commercetools"
    ${keys("shop")}
    [sources.commercetools]
    topic_arns = ["${topic.arn}"]
    sns_endpoint = "${topic.url}"
    project_key = "shop"
    [[sources]]
    name = "signed"
    kind = "commercetools"
    ${keys("signed")}
    [sources.commercetools]
    envelopes = ["sns"]
    [[sources]]
    name = "plain"
    ${keys("plain")}`,
  });
  const ask = await commercetools();
  ({ customer } = await ask("POST", "/customers", {
    email: "ann@example.org",
    password: "geheim-1234",
    firstName: "Ann",
    lastName: "Lee",
    addresses: [
      { country: "NO", city: "Oslo", streetName: "Storgata", postalCode: "1" },
    ],
    defaultShippingAddress: 0,
  }));
});
after(async () => {
  await gateway?.stop();
  await topic?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** @param {string} path @param {object | string} body @param {Record<string, string>} [headers] */
async function post(path, body, headers = {}) {
  const answer = await fetch(`${gateway.url}/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "text/plain; charset=UTF-8", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const json = /** @type {any} */ (await answer.json());
  return { status: answer.status, headers: answer.headers, json };
}

/** A message of the shop's project. @param {string} type @param {object} more */
const message = (type, more, id = type) => ({
  notificationType: "Message",
  ...{ projectKey: "shop", id, version: 1, sequenceNumber: 1 },
  ...{ resourceVersion: 1, resource: { typeId: "customer", id: customer.id } },
  ...{ createdAt: "2026-03-04T05:06:07.089Z", type },
  ...more,
});
const created = () => message("CustomerCreated", { customer });
const KEY = "commercetools/shop-server";
const stored = async () =>
  (await gateway.exportEvents("shop")).map(({ event }) => event);

test("a message is one event, in whatever envelopes and however often it comes", async () => {
  const text = JSON.stringify(created());
  const cloudEvent = { specversion: "1.0", id: "e", data: created() };
  const data = Buffer.from(text).toString("base64");
  const basic = Buffer.from("shop-server:").toString("base64");
  /** @type {[string, object, Record<string, string>?][]} */
  const ways = [
    [KEY, created()],
    [KEY, topic.post(text)],
    [KEY, topic.post(text, { Subject: "Ann" }, "1")],
    [KEY, topic.post(JSON.stringify(cloudEvent))],
    [KEY, { message: { data, messageId: "1" }, subscription: "s" }],
    [KEY, cloudEvent],
    [KEY, { "detail-type": "CustomerCreated", detail: created() }],
    [KEY, { Records: [{ Sns: { Message: text } }] }],
    ["commercetools?writeKey=shop-server", created()],
    ["commercetools", created(), { authorization: `Basic ${basic}` }],
    ["commercetools", created(), { authorization: "Bearer shop-server" }],
  ];
  for (const [number, [path, body, headers]] of ways.entries()) {
    const { status, json } = await post(path, body, headers);
    assert.equal(status, 200, JSON.stringify([number, json]));
    const { accepted, duplicates } = json;
    assert.deepEqual([accepted, duplicates], number ? [0, 1] : [1, 0]);
  }
  const events = await stored();
  assert.equal(events.length, 1);
  assert.equal(events[0].userId, "ann@example.org");
  assert.equal(events[0].traits.address.city, "Oslo");
  const certificates = topic.asked.filter((path) => path === "/SNS.pem");
  assert.equal(certificates.length, 1);
});

test("what is not signed by SNS, or for another topic, is refused", async () => {
  const signed = topic.post(JSON.stringify(created()));
  for (const [body, code] of /** @type {[object, string][]} */ ([
    [{ ...signed, Message: "{}" }, "sns_signature"],
    [{ ...signed, SignatureVersion: "1" }, "sns_signature"],
    [{ ...signed, TopicArn: `${topic.arn}-2` }, "topic_not_allowed"],
    [
      { ...signed, SigningCertURL: "https://evil.example/SNS.pem" },
      "sns_address",
    ],
  ])) {
    const { status, json } = await post(KEY, body);
    assert.deepEqual([status, json.code], [403, code]);
  }
  const only = await post("commercetools/signed-server", created());
  assert.deepEqual(
    [only.status, only.json.code],
    [403, "envelope_not_allowed"],
  );
});

test("an SNS that does not answer delays no other request", async () => {
  const long = topic.post("x".repeat(400_000));
  const held = { ...long, SigningCertURL: `${topic.url}/held.pem` };
  let nAnswered = 0;
  const posts = [1, 2, 3].map(() =>
    post(KEY, held).finally(() => (nAnswered += 1)),
  );
  await eventually(() => topic.asked.includes("/held.pem"));
  const event = { userId: "user_1", event: "Beside" };
  const beside = await post("track?writeKey=plain-server", event);
  assert.deepEqual([beside.status, nAnswered], [200, 0]);
  topic.release();
  for (const { status } of await Promise.all(posts))
    assert.notEqual(status, 200);
});

test("a subscription is confirmed for a listed topic alone", async () => {
  const ask = { Type: "SubscriptionConfirmation", Token: "t" };
  const confirmation = "/?Action=ConfirmSubscription&Token=t";
  const SubscribeURL = topic.url + confirmation;
  const right = topic.post("You have chosen", { ...ask, SubscribeURL });
  const other = { ...right, TopicArn: "arn:aws:sns:eu-central-1:1:other" };
  assert.equal((await post(KEY, other)).status, 403);
  const elsewhere = {
    ...ask,
    SubscribeURL: `${topic.url}/?Action=DeleteTopic`,
  };
  const wrong = await post(KEY, topic.post("You have chosen", elsewhere));
  assert.deepEqual([wrong.status, wrong.json.code], [403, "sns_address"]);
  assert.ok(!topic.asked.some((path) => path.includes("Action")));
  assert.equal((await post(KEY, right)).status, 200);
  assert.ok(topic.asked.includes(confirmation));
});

test("only a server key of such a source is taken", async () => {
  for (const [key, status, code] of /** @type {[string, number, string][]} */ ([
    ["/nobody", 401, "unknown_write_key"],
    ["", 401, "missing_write_key"],
    ["/shop-browser", 403, "not_commercetools"],
    ["/plain-server", 403, "not_commercetools"],
  ])) {
    const answer = await post(`commercetools${key}`, created());
    assert.deepEqual([answer.status, answer.json.code], [status, code]);
    const asks = answer.headers.get("www-authenticate");
    assert.equal(asks !== null, status === 401);
  }
});

test("what is wrong is answered 400, and Pub/Sub is not made to repeat it", async () => {
  const nameless = message("CustomerCreated", { customer: { id: "c-9" } }, "x");
  for (const [body, code] of /** @type {[object | string, string][]} */ ([
    ["{", "invalid_body"],
    [nameless, "missing_email"],
    [{ eventType: "customer.deleted", customer }, "unsupported_event_type"],
    [{ ...created(), projectKey: "other" }, "wrong_project"],
  ])) {
    const { status, json } = await post(KEY, body);
    assert.deepEqual(
      [status, json.code, typeof json.error],
      [400, code, "string"],
    );
  }
  const data = Buffer.from(JSON.stringify(nameless)).toString("base64");
  const pushed = await post(KEY, { message: { data }, subscription: "s" });
  assert.deepEqual([pushed.status, pushed.json.rejected], [200, 1]);
  const ignored = await post(KEY, message("ProductPublished", {}));
  assert.deepEqual([ignored.status, ignored.json.ignored], [200, ["type"]]);
});

test("an extension is answered with no actions, whatever happens", async () => {
  const resource = { typeId: "customer", id: customer.id, obj: customer };
  const input = { action: "Update", resource };
  const before = (await stored()).length;
  for (const [path, body] of /** @type {[string, object | string][]} */ ([
    ["commercetools-extension/shop-server", input],
    [KEY, input],
    ["commercetools-extension/nobody", input],
    ["commercetools-extension", input],
    ["commercetools-extension/shop-server", "{"],
    ["commercetools-extension/shop-server", "x".repeat(600_000)],
  ])) {
    const { status, json } = await post(path, body);
    assert.deepEqual([status, json], [200, { actions: [] }], path);
  }
  assert.equal((await stored()).length, before + 1);
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  assert.match(
    metrics,
    /extension_failures_total\{code="unknown_write_key"\} 1/,
  );
});

test("a customer who changes her address of e-mail stays the same", async () => {
  const more = { email: "ann@new.example", oldEmail: "ann@example.org" };
  await post(KEY, message("CustomerEmailChanged", more));
  await post(KEY, message("CustomerFirstNameSet", { firstName: "Anna" }));
  const [alias, identify, named] = (await stored()).slice(-3);
  assert.deepEqual(
    [alias.type, alias.previousId, alias.userId],
    ["alias", "ann@example.org", "ann@new.example"],
  );
  assert.equal(identify.userId, "ann@new.example");
  assert.deepEqual(
    [named.userId, named.anonymousId, named.traits.firstName],
    [undefined, customer.id, "Anna"],
  );
});

test("a purchase that page, server and commercetools tell of is one event", async () => {
  const EUR = { currencyCode: "EUR", fractionDigits: 2 };
  const order = {
    ...{ id: "o-1", orderNumber: "1001", customerId: customer.id },
    ...{ customerEmail: "ann@new.example", lineItems: [] },
    totalPrice: { ...EUR, centAmount: 1999 },
  };
  const page = {
    ...{ type: "track", event: "Order Completed", anonymousId: "a-1" },
    messageId: orderMessageId("Order Completed", "1001"),
    properties: { order_id: "1001", total: 19.99, currency: "EUR" },
  };
  const write = { writeKey: "shop-browser", batch: [page] };
  assert.equal((await post("batch", write)).json.accepted, 1);
  const told = await post(KEY, message("OrderCreated", { order }));
  assert.equal(told.json.accepted, 1, "a server's event takes its place");
  const service = new SegmentServerService({
    host: gateway.url,
    writeKey: "shop-server",
  });
  EcommerceTracker.use((event) => service.trackEvent(event));
  new EcommerceTracker("ann@new.example").orderCompleted({
    ...{ orderId: "1001", currency: "EUR", products: [] },
    ...{ total: 19.99, revenue: 19.99 },
  });
  await service.close();
  const orders = (await stored()).filter(({ event }) => event);
  assert.deepEqual(
    orders.map(({ properties }) => [properties.order_id, properties.total]),
    [["1001", 19.99]],
  );
});

test("no password is kept anywhere", async () => {
  const { readFile } = await import("node:fs/promises");
  for (const name of ["events.sqlite", "events.sqlite-wal"]) {
    const file = await readFile(join(gateway.folder, name), "latin1");
    assert.ok(!file.includes(customer.password), name);
  }
  assert.ok(customer.password.length > 5);
  assert.ok(!gateway.logs.includes("shop-server"));
});
