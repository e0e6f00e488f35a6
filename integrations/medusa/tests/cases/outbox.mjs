// @ts-check
// The outbox's queries, on the shop's real tables; several processes are several connections here.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { source } from "../source.mjs";
import * as stage from "../stage.mjs";

const { Outbox } = await source("outbox/outbox.ts");
const { OUTBOX_EVENTS_MAX } = await source("limits.ts");

/** Knex, as Medusa has it. @type {any} */
let database;
/** @type {any[]} */
let outboxes;
/** Connects; the stage is set by the time that the first test calls it. */
function connect() {
  const knex = createRequire(import.meta.url)("knex");
  // A database of its own: the shop sends what it finds in the other.
  const connection = stage.postgres.url("outbox");
  database = knex({ client: "pg", connection, pool: { min: 0, max: 8 } });
  outboxes = Array.from({ length: 4 }, () => new Outbox(database));
}

after(() => database?.destroy());

/** @param {string} id */
const event = (id) => ({ id, body: JSON.stringify({ messageId: id }) });
/** @param {any[]} events */
const idsOf = (events) => events.map(({ id }) => id);

test("an event is kept once, and of those who ask at once one gets the oldest", async () => {
  connect();
  const [outbox] = outboxes;
  assert.equal(await outbox.append([event("b"), event("a")]), 2);
  assert.equal(await outbox.append([event("a"), event("c")]), 1);
  const claims = await Promise.all(outboxes.map((one) => one.claim()));
  const given = claims.filter(({ events }) => events.length > 0);
  assert.equal(given.length, 1);
  assert.deepEqual(idsOf(given[0].events), ["b", "a", "c"]);
  // Nor does anybody get later events while the oldest are on their way.
  await outbox.append([event("d")]);
  const { events, waitMs } = await outboxes[1].claim();
  assert.deepEqual(events, []);
  assert.ok(waitMs > 0 && waitMs <= 15_000);
});

test("a claim that is over goes to the next, with how often it was tried", async () => {
  const [outbox] = outboxes;
  await outbox.defer(["a", "b", "c"], 0, "503");
  const { events } = await outboxes[2].claim();
  assert.deepEqual(idsOf(events), ["b", "a", "c", "d"]);
  assert.deepEqual(
    events.map((/** @type {any} */ { attempts }) => attempts),
    [2, 2, 2, 1],
  );
  await outbox.sent(["a", "b"]);
  await outbox.refused("c", "too_large");
  await outbox.defer(["d"], 0);
  assert.deepEqual([...(await outbox.known(["a", "c", "x"]))].sort(), [
    "a",
    "c",
  ]);
  // What was sent is not sent again, whoever tells it again.
  assert.equal(await outbox.append([event("a")]), 0);
  assert.equal(await outbox.retryRefused(), 1);
  // Behind what waits: in its old place it would stand for as much as came since.
  assert.deepEqual(idsOf((await outbox.claim()).events), ["d", "c"]);
  await outbox.sent(["c", "d"]);
  assert.equal(await outbox.isPending(), false);
});

test("a request has no more bytes than the gateway takes", async () => {
  const [outbox] = outboxes;
  const large = (/** @type {number} */ at) => ({
    ...{ id: `large-${at}`, body: JSON.stringify("x".repeat(30_000)) },
  });
  await outbox.append(Array.from({ length: 20 }, (_, at) => large(at)));
  const { events } = await outbox.claim();
  assert.equal(events.length, 16);
  await outbox.sent(Array.from({ length: 20 }, (_, at) => `large-${at}`));
});

test("what is sent goes after a time, and a full outbox takes no more", async () => {
  const [outbox] = outboxes;
  await outbox.append([event("kept")]);
  await database.raw(
    "update waymark_event set updated_at = now() - interval '3 days'",
  );
  await outbox.prune();
  const { rows } = await database.raw("select id from waymark_event");
  assert.deepEqual(idsOf(rows), ["kept"]);
  await database.raw("update waymark_event set position = position - ?", [
    OUTBOX_EVENTS_MAX,
  ]);
  await outbox.append([event("last")]);
  await assert.rejects(outbox.append([event("too many")]), RangeError);
});
