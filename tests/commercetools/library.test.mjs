// @ts-check
// `waymark/commercetools`: the traits of the gateway, and its results over the real gateway.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import * as library from "waymark/commercetools";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";

const VECTORS = join(ROOT, "tests", "vectors", "commercetools.json");
const { customers } = JSON.parse(await readFile(VECTORS, "utf8"));
const customer = customers[0].customer;
const {
  createSegmentClient,
  extractCustomerFromPayload,
  sendCustomerToSegment,
  sendCustomerToSegmentWithClient,
  transformCustomerToSegment,
  validatePayload,
} = library;

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
before(async () => {
  gateway = await startGateway({
    sources: [],
    toml: `
    [[sources]]
    name = "shop"
    kind = "commercetools"
    [[sources.keys]]
    key = "shop-server-key"
    kind = "server"`,
  });
  process.env.WAYMARK_HOST = gateway.url;
  process.env.SEGMENT_WRITE_KEY = "shop-server-key";
});
after(() => gateway?.stop());

const payload = { userId: "u@b.example", traits: { email: "u@b.example" } };
const stored = async () =>
  (await gateway.exportEvents()).map(({ event }) => event);

test("the entry exports exactly these names", () => {
  assert.deepEqual(Object.keys(library), [
    "createSegmentClient",
    "extractCustomerFromPayload",
    "sendCustomerToSegment",
    "sendCustomerToSegmentWithClient",
    "transformCustomerToSegment",
    "validatePayload",
  ]);
});

test("customers have the traits that the gateway gives them", () => {
  for (const { title, options, customer, userId, traits } of customers) {
    const given = transformCustomerToSegment(customer, {
      userId: options?.user_id,
      lowerCaseEmail: options?.lower_case_email,
    });
    const { email, ...others } = given.traits;
    const all = email ? { email, ...others } : others;
    assert.deepEqual([given.userId || null, all], [userId, traits], title);
  }
});

test("a message that the function and the gateway are told of counts once", async () => {
  const message = {
    ...{ notificationType: "Message", type: "CustomerCreated", id: "m-1" },
    ...{ projectKey: "shop", resource: { typeId: "customer", id: "c-1" } },
    customer,
  };
  const text = JSON.stringify(message);
  const data = Buffer.from(text).toString("base64");
  for (const body of [
    message,
    text,
    { Type: "Notification", Message: text },
    { Records: [{ Sns: { Message: text } }] },
    { message: { data }, subscription: "s" },
    { specversion: "1.0", data: message },
    { "detail-type": "CustomerCreated", detail: message },
  ]) {
    const { isValid, eventType, messageId } = validatePayload(body);
    assert.deepEqual(
      [isValid, eventType, messageId],
      [true, "customer.created", "ct:shop:m-1"],
    );
    const found = extractCustomerFromPayload(body);
    assert.ok(found);
    const made = transformCustomerToSegment(found);
    assert.ok(messageId);
    const result = await sendCustomerToSegment({ ...made, messageId });
    assert.deepEqual(result, { success: true });
  }
  const hook = `${gateway.url}/v1/commercetools/shop-server-key`;
  const answer = await fetch(hook, { method: "POST", body: text });
  assert.equal(/** @type {any} */ (await answer.json()).duplicates, 1);
  assert.equal((await stored()).length, 1);
});

test("a body that cannot be used is told why", () => {
  const created = { type: "customer.created" };
  for (const [body, error] of /** @type {[unknown, string][]} */ ([
    [undefined, "Invalid payload"],
    ["{", "Invalid payload"],
    [{ Records: [] }, "Invalid payload"],
    [{ type: "customer.deleted", customer }, "Unsupported event type"],
    [{ type: "toString", customer }, "Unsupported event type"],
    [created, "Missing customer data"],
    [{ ...created, customer: { id: "c" } }, "Missing customer email"],
  ])) {
    assert.deepEqual(validatePayload(body), { isValid: false, error });
  }
  // What no text can be made of is no id.
  const odd = { toString: 1 };
  for (const more of [
    { customer: { ...customer, id: odd } },
    { notificationType: "Message", id: "m", projectKey: odd, customer },
  ]) {
    assert.equal(validatePayload({ ...created, ...more }).isValid, true);
  }
  const resource = { typeId: "customer", id: "c-1", obj: customer };
  const input = { action: "Update", resource };
  assert.equal(validatePayload(input).eventType, "customer.updated");
  assert.equal(extractCustomerFromPayload({}), null);
});

test("each call at the same time has a result of its own", async () => {
  const client = createSegmentClient("shop-server-key", { host: gateway.url });
  const big = { email: "b@b.example", name: "x".repeat(40_000) };
  const twice = { userId: "b", messageId: "twice" };
  const results = await Promise.all([
    sendCustomerToSegmentWithClient(client, payload),
    sendCustomerToSegmentWithClient(client, { userId: "b", traits: big }),
    sendCustomerToSegmentWithClient(client, { ...payload, userId: "v" }),
    sendCustomerToSegmentWithClient(client, { ...payload, userId: "" }),
    // The same message twice at once: neither is there.
    sendCustomerToSegmentWithClient(client, { ...twice, traits: big }),
    sendCustomerToSegmentWithClient(client, { ...twice, traits: big }),
  ]);
  assert.deepEqual(
    results.map(({ success }) => success),
    [true, false, true, false, false, false],
  );
  await client.closeAndFlush();
  const late = await sendCustomerToSegmentWithClient(client, payload);
  assert.equal(late.success, false);
});

test("a wrong key, and a client that throws, are results", async () => {
  const client = createSegmentClient("nobody", { host: gateway.url });
  const refused = await sendCustomerToSegmentWithClient(client, payload);
  assert.equal(refused.success, false);
  const broken = {
    identify: () => Promise.reject(new Error("Network error")),
    flush: async () => {},
    closeAndFlush: async () => {},
  };
  assert.deepEqual(await sendCustomerToSegmentWithClient(broken, payload), {
    success: false,
    error: { message: "Network error" },
  });
  /** @type {unknown[]} */
  const calls = [];
  const counted = {
    identify: async (/** @type {unknown} */ one) => void calls.push(one),
    flush: async () => void calls.push("flush"),
    closeAndFlush: async () => {},
  };
  await sendCustomerToSegmentWithClient(counted, payload);
  assert.deepEqual(calls, [payload, "flush"]);
});

test("the brief's handlers run as they are", async () => {
  const { outputFiles } = await build({
    bundle: true,
    entryPoints: [join(import.meta.dirname, "copied-handler.ts")],
    external: ["waymark/commercetools"],
    format: "esm",
    outfile: join(import.meta.dirname, `.copied-${process.pid}.mjs`),
    write: false,
  });
  const [file] = outputFiles;
  assert.ok(file);
  await writeFile(file.path, file.text);
  const kit = await import(file.path).finally(() => rm(file.path));
  const body = { type: "customer.created", customer };
  assert.deepEqual(await kit.handleWebhookRequest(body), {
    statusCode: 200,
    body: '{"success":true}',
  });
  assert.equal((await kit.handleWebhookRequest({})).statusCode, 400);
  assert.deepEqual(await kit.sendWithRetry(payload), { success: true });
  assert.equal(await kit.told(payload), "Success");
  const done = { success: true };
  assert.deepEqual(await kit.sendBatchToSegment([payload]), [done]);
  assert.deepEqual(await kit.integration("shop-server-key"), done);
  const wrong = { ...payload, traits: { email: "no" } };
  assert.equal((await kit.sendIfValid(wrong)).success, false);
});
