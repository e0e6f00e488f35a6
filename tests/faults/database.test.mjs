// @ts-check
// A database that is deleted, or whose connection ends, while the server is down and the page goes
// on: a crash of the tab loses nothing.
import assert from "node:assert/strict";
import "../support/watchdog.mjs";
import { test } from "../support/engine-test.mjs";
import { crash } from "../support/crash.mjs";
import { eventually } from "../support/eventually.mjs";
import { committed } from "./journal.mjs";
import { names, setScene, settledDelivery, tracking } from "./scene.mjs";

const scene = setScene();

/** Lets the page reach the connections of the client. */
const REACH = `
  globalThis.connections = [];
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given);
    request.addEventListener("success", () => connections.push(request.result));
    return request;
  };`;
const DELETE_ALL = `indexedDB.databases().then((all) => Promise.all(all.map(({ name }) =>
  new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = failed;
  })))).then(() => {});`;

/** What happens to the database, as code that resolves when it has. @type {Record<string, string>} */
const ENDS = {
  "the page deletes all databases": DELETE_ALL,
  "the page deletes all databases twice": `${DELETE_ALL.slice(0, -1)}.then(() => ${DELETE_ALL.slice(0, -1)})`,
  "the connection is closed": `connections.forEach((one) => one.close());`,
  "the browser ends the connection": `connections.forEach((one) => {
    one.close();
    one.dispatchEvent(new Event("close"));
  });`,
  "the page deletes all databases in the task of an event": `(analytics.track("Beside"), ${DELETE_ALL.slice(0, -1)})`,
};

for (const [what, script] of Object.entries(ENDS)) {
  test(`${what}: a tab that crashes after the next event loses nothing`, async () => {
    scene.inEachPage(REACH);
    scene.relay.fate = () => "reset";
    const page = await scene.visit();
    await page.evaluate(tracking(names(3)));
    await eventually(async () => (await committed(page)) === 3);
    await page.evaluate(script);
    const rest = ["After"];
    if (script.includes("Beside")) rest.push("Beside");
    await page.evaluate(tracking(["After"]));
    const count = 3 + rest.length;
    await eventually(async () => (await committed(page)) === count, {
      what: "all events in the database",
    });
    await crash(page);
    scene.relay.fate = () => "pass";
    await scene.visit("/next");
    await scene.expectOnce([...names(3), ...rest]);
  });
}

test("a page that is left after its database was deleted leaves its events", async () => {
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate(tracking(names(3)));
  await eventually(async () => (await committed(page)) === 3);
  await page.evaluate(DELETE_ALL);
  await page.goto(scene.shop.url("/next"));
  scene.relay.fate = () => "pass";
  await page.evaluate("analytics.track('Next')");
  await scene.expectOnce([...names(3), "Next"]);
});

test("what is settled before the database is opened again is not written again", async () => {
  scene.relay.fate = () => "reset";
  const page = await scene.visit();
  await page.evaluate(tracking(names(3)));
  await eventually(async () => (await committed(page)) === 3);
  await page.evaluate(DELETE_ALL);
  scene.relay.fate = () => "pass";
  assert.equal((await settledDelivery(page)).acknowledged, 3);
  await page.evaluate(tracking(["After"]));
  await scene.expectOnce([...names(3), "After"]);
  await settledDelivery(page);
  await eventually(async () => (await committed(page)) === 0);
});
