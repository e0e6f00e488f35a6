// @ts-check
// The stage of the slow tests: one Medusa with the packed plugin, PostgreSQL and the real gateway.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { eventually } from "../../../tests/support/eventually.mjs";
import { startGateway } from "../../../tests/support/gateway.mjs";
import { startFront } from "./front.mjs";
import { startPostgres } from "./postgres.mjs";
import { buildReadme } from "./readme.mjs";
import { installPlugin, migrate, Shop } from "./shop.mjs";

/** @type {Awaited<ReturnType<typeof startPostgres>>} */
export let postgres;
/** What the shop takes for the gateway. @type {Awaited<ReturnType<typeof startFront>>} */
export let front;
/** @type {import("../../../tests/support/gateway.mjs").Gateway} */
export let gateway;
/** @type {Shop} */
export let shop;
/** What the shop sells. @type {any} */
export let goods;
/** @type {string} */
let folder;
/** @type {string} */
let databaseUrl;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-medusa-"));
  // Each is noted as it starts, so that it is stopped whatever becomes of the others.
  const started = await Promise.allSettled([
    startPostgres().then((one) => (postgres = one)),
    startGateway({ folder }).then((one) => (gateway = one)),
    installPlugin().then(buildReadme),
  ]);
  for (const one of started) if (one.status === "rejected") throw one.reason;
  await postgres.sql("postgres", "create database shop");
  databaseUrl = postgres.url("shop");
  await migrate(databaseUrl);
  // The same tables without a shop, which sends what it finds.
  await postgres.sql("postgres", "create database outbox template shop");
  front = await startFront(gateway.url);
  shop = await Shop.start(databaseUrl, front.url);
  goods = await shop.do("seed");
});
after(async () => {
  await shop?.kill();
  await front?.stop();
  await gateway?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the shop again, after it was killed. */
export async function startShop() {
  shop = await Shop.start(databaseUrl, front.url);
}

/** Starts the gateway again, after it was killed: at the same address, on the same file. */
export async function startGatewayAgain() {
  gateway = await startGateway({ folder, listen: gateway.host });
}

/** The events of the gateway's store, as they would be passed on. */
export const stored = async () =>
  (await gateway.exportEvents()).map(({ event }) => event);

/**
 * Waits for events that a test knows by their content.
 *
 * @param {number} count
 * @param {(event: any) => boolean} isOne
 * @returns {Promise<any[]>} exactly `count` events
 */
export async function events(count, isOne) {
  /** @type {any[]} */
  let found = [];
  await eventually(
    async () => (found = (await stored()).filter(isOne)).length >= count,
    { what: () => `${count} events (there are ${JSON.stringify(found)})` },
  );
  // Whatever comes twice has come by the time that the outbox is empty.
  assert.ok(await shop.do("segment", ["flush"]));
  found = (await stored()).filter(isOne);
  assert.equal(found.length, count, JSON.stringify(found, null, 1));
  return found;
}

/** Events by their names. @param {any[]} all @returns {Record<string, any[]>} */
export function byName(all) {
  /** @type {Record<string, any[]>} */
  const named = {};
  for (const event of all) (named[event.event] ??= []).push(event);
  return named;
}

/** Whether an event is of an order. @param {string} id */
export const ofOrder = (id) => (/** @type {any} */ event) =>
  event.properties?.order_id === id;

/** The product of the shop, as three of it are in an order. */
export const mug = () => ({
  product_id: goods.product,
  sku: "MUG-RED",
  name: "Camp Mug",
  variant: "Red",
  price: 19.99,
  quantity: 3,
});
