// @ts-check
// How the outbox's sender reads answers and what it does then; without a database.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { source } from "../source.mjs";

const { verdictOf } = await source("outbox/answer.ts");
const { bodyOf } = await source("outbox/body.ts");
const { backoffMs, Sender } = await source("outbox/sender.ts");
const { settingsOf } = await source("options.ts");
const { VERSION } = await source("version.ts");

/** @param {number} status @param {unknown} [body] @param {string | null} [retryAfter] */
const said = (status, body = {}, retryAfter = null) =>
  verdictOf(
    {
      ...{ status, retryAfter },
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
    2,
    Date.parse("2026-11-27T10:00:00Z"),
  );

test("only the API's own 200 takes events, and its rejections are told", () => {
  const rejected = [
    { index: 1, code: "too_large", message: "over 32 KB" },
    { index: 7, code: "not_of_the_batch" },
    { index: "0" },
    null,
  ];
  assert.deepEqual(said(200, { success: true, rejected }), {
    fate: "taken",
    rejected: [{ index: 1, reason: "too_large: over 32 KB" }],
  });
  for (const page of ["<html>", "", "[]", "null", { success: false }]) {
    assert.equal(said(200, page).fate, "later");
  }
});

test("what is not about the events is tried again, when the server says", () => {
  for (const status of [301, 401, 403, 404, 408, 429, 500, 503]) {
    assert.equal(said(status).fate, "later");
  }
  for (const status of [400, 413, 422]) {
    assert.equal(said(status).fate, "refused");
  }
  assert.equal(said(429, {}, "2").waitMs, 2_000);
  assert.equal(said(503, {}, "Fri, 27 Nov 2026 10:00:05 GMT").waitMs, 5_000);
  assert.equal(said(503, {}, "99999").waitMs, 300_000);
  assert.equal(said(503, {}, "soon").waitMs, undefined);
  assert.equal(backoffMs(1, 0), 1_000);
  assert.equal(backoffMs(4, 0), 8_000);
  assert.equal(backoffMs(500, 1), 45_000);
});

test("an order with more lines than fit loses what counts least", () => {
  const line = (/** @type {number} */ number) => ({
    ...{ product_id: `prod_${number}`, name: "n".repeat(200) },
    ...{ price: 1, quantity: 1 },
  });
  const event = (/** @type {number} */ lines) => ({
    ...{
      type: "track",
      messageId: "m",
      timestamp: "t",
      event: "Order Completed",
    },
    properties: {
      total: 1,
      products: Array.from({ length: lines }, (_, i) => line(i)),
    },
  });
  const few = JSON.parse(bodyOf(event(300))).properties;
  assert.equal(few.products.length, 300);
  assert.equal(few.products[299].name, undefined);
  assert.equal(few.products_left_out, undefined);
  const body = bodyOf(event(5_000));
  assert.ok(Buffer.byteLength(body) <= 32 * 1024);
  const many = JSON.parse(body).properties;
  assert.equal(many.products.length + many.products_left_out, 5_000);
  const large = { ...event(0), context: { text: "x".repeat(40_000) } };
  assert.throws(() => bodyOf(large), RangeError);
  const big = { ...event(0), properties: { number: 2n ** 70n } };
  assert.equal(JSON.parse(bodyOf(big)).properties.number, String(2n ** 70n));
});

/** An outbox in memory, with the calls that a sender makes of it. */
class Memory {
  /** @type {Map<string, string>} */
  fates = new Map();
  /** @type {string[]} */
  pending;
  /** @type {number | undefined} */
  waitMs;

  /** @param {string[]} ids */
  constructor(...ids) {
    this.pending = ids;
  }

  async claim() {
    const { waitMs } = this;
    if (waitMs !== undefined) return { events: [], waitMs };
    const events = this.pending.map((id) => ({ id, body: id, attempts: 1 }));
    return { events };
  }

  /** @param {string[]} ids @param {string} fate */
  #settle(ids, fate) {
    for (const id of ids) this.fates.set(id, fate);
    this.pending = this.pending.filter((id) => !ids.includes(id));
  }

  /** @param {string[]} ids */
  async sent(ids) {
    this.#settle(ids, "sent");
  }

  /** @param {string} id @param {string} reason */
  async refused(id, reason) {
    this.#settle([id], reason);
  }

  /** @param {string[]} _ @param {number} ms @param {string} [reason] */
  async defer(_, ms, reason) {
    if (reason) this.waitMs = ms;
  }

  async prune() {}
}

/** @param {Memory} outbox @param {(ids: string[]) => any} answer */
async function sent(outbox, answer) {
  /** @type {string[]} */
  const lines = [];
  const log = Object.fromEntries(
    ["info", "warn", "error"].map((level) => [
      level,
      (/** @type {string} */ line) => lines.push(line),
    ]),
  );
  const settings = settingsOf({ host: "http://h", writeKey: "k" });
  const sender = new Sender(
    outbox,
    settings,
    log,
    async (/** @type {any[]} */ batch) => answer(batch.map(({ id }) => id)),
  );
  await sender.run();
  await sender.stop(1_000);
  return lines;
}

const taken = { fate: "taken", rejected: [] };

test("a batch that is refused is halved until the bad event stands alone", async () => {
  const outbox = new Memory("a", "b", "bad", "c", "d");
  const lines = await sent(outbox, (ids) =>
    ids.includes("bad") ? { fate: "refused", reason: "400" } : taken,
  );
  assert.deepEqual(Object.fromEntries(outbox.fates), {
    ...{ a: "sent", b: "sent", bad: "400", c: "sent", d: "sent" },
  });
  assert.match(lines[0] ?? "", /bad was refused: 400/);
});

test("a server that refuses everything is not believed", async () => {
  const outbox = new Memory("a", "b", "c", "d", "e", "f", "g", "h");
  await sent(outbox, () => ({ fate: "refused", reason: "400" }));
  assert.deepEqual([...outbox.fates.keys()], ["a", "b", "c"]);
  assert.equal(outbox.waitMs, 60_000);
});

test("what has to wait waits, and is told once", async () => {
  const outbox = new Memory("a", "b");
  const lines = await sent(outbox, () => ({
    fate: "later",
    reason: "503",
    waitMs: 7,
  }));
  assert.deepEqual(outbox.pending, ["a", "b"]);
  assert.equal(outbox.waitMs, 7);
  assert.deepEqual(lines, ["waymark: events wait for the gateway: 503"]);
});

test("events that a 200 turns away are kept as refused", async () => {
  const outbox = new Memory("a", "b");
  const rejected = [{ index: 0, reason: "too_large" }];
  await sent(outbox, () => ({ fate: "taken", rejected }));
  assert.deepEqual(Object.fromEntries(outbox.fates), {
    a: "too_large",
    b: "sent",
  });
});

test("options come from the configuration, then from the environment", () => {
  const environment = {
    SEGMENT_WRITE_KEY: "key",
    WAYMARK_HOST: "http://gw:1/",
  };
  const settings = settingsOf({}, environment);
  assert.equal(settings.writeKey, "key");
  assert.equal(settings.url, "http://gw:1/v1/batch");
  assert.equal(settings.flushAt, 20);
  assert.equal(settings.flushInterval, 10_000);
  const { url } = settingsOf({ host: "https://gw/base/v1" }, environment);
  assert.equal(url, "https://gw/base/v1/batch");
  assert.equal(settingsOf({}, {}).url, undefined);
  assert.throws(() => settingsOf({ host: "gw:1" }, {}), TypeError);
});

test("events say which version made them", async () => {
  const path = new URL("../../package.json", import.meta.url);
  assert.equal(VERSION, JSON.parse(await readFile(path, "utf8")).version);
});

test("an error of the database tells nothing of the events", async () => {
  const { Outbox } = await source("outbox/outbox.ts");
  const outbox = new Outbox({
    // As Knex has it: the bindings are in the message.
    raw: async () => {
      throw Object.assign(
        new Error(
          `insert into x select * from unnest('{"m1"}', '{"ann@example.org - "}') - relation "waymark_event" does not exist`,
        ),
        { code: "42P01" },
      );
    },
  });
  await assert.rejects(
    outbox.append([{ id: "m1", body: `{"email":"ann@example.org"}` }]),
    { code: "42P01", message: 'relation "waymark_event" does not exist' },
  );
});
