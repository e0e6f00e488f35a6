// @ts-check
// The forms of `apiHost` that are understood, and those that are not: then nothing is sent at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "./shop.mjs";

const shop = setShop({ "/shop.html": "<!doctype html><title>Shop</title>" });

/** In the page: a client for each `integrations["Segment.io"]`, with an event of its own. */
const CLIENTS = `
  const clients = forms.map(() => new AnalyticsBrowser());
  const pending = clients.map(async (client, index) => {
    client.load({ writeKey: "demo-browser-key" },
      { disableClientPersistence: true, integrations: { "Segment.io": forms[index] } });
    void client.track(String(index));
    const [loaded] = await client;
    return () => loaded.delivery().pending;
  });
  const counts = await Promise.all(pending);`;

/** Names of the stored events, once there are `count`. @param {number} count */
const arrived = async (count) =>
  (await shop.gateway.waitForEvents(count)).map(({ event }) => event.event);

test("an address may have a scheme, slashes and blanks", async () => {
  await shop.open("/shop.html");
  const { host } = shop.gateway;
  const forms = [
    { apiHost: `${host}/v1`, protocol: "http" },
    { apiHost: `${host}/v1/`, protocol: "http" },
    { apiHost: `${host}/v1//`, protocol: "http:" },
    { apiHost: ` ${host}/v1\n`, protocol: "HTTP" },
    { apiHost: `//${host}/v1`, protocol: "http" },
    { apiHost: `http://${host}/v1` },
    { apiHost: `HTTP://${host}/v1/`, protocol: "https" },
  ];
  await shop.run(`const forms = ${JSON.stringify(forms)}; ${CLIENTS}`);
  assert.deepEqual(
    (await arrived(forms.length)).sort(),
    forms.map((_, index) => String(index)),
  );
});

test("an address that cannot be understood keeps events from every host", async () => {
  /** @type {string[]} */
  const said = [];
  /** @type {string[]} */
  const asked = [];
  await shop.open("/shop.html");
  shop.page.on("console", (message) => said.push(message.text()));
  shop.page.on("request", (request) => asked.push(request.url()));
  const forms = [
    ...["", " ", "/", "//", "a b.example", "https://", "a.example?x=1"],
    ...["user@a.example", "a.example#b", "a.example\\\\b", 5, true, {}, []],
  ].map((apiHost) => ({ apiHost, protocol: "http" }));
  const pending = await shop.run(`
    const forms = ${JSON.stringify(forms)}; ${CLIENTS}
    await new Promise((done) => {
      const look = () => counts.every((count) => count() === 1) ? done() : requestAnimationFrame(look);
      look();
    });
    await analytics.track("Marker");
    return counts.map((count) => count());`);
  assert.deepEqual(await arrived(1), ["Marker"]);
  assert.deepEqual(
    pending,
    forms.map(() => 1),
  );
  const lines = said.filter((line) => line.includes("nothing is sent"));
  assert.equal(lines.length, forms.length);
  const own = [new URL(shop.page.url()).host, shop.gateway.host];
  assert.deepEqual(
    asked.filter((url) => !own.includes(new URL(url).host)),
    [],
  );
});
