// @ts-check
// What wrong options do to a page: nothing is thrown into it, and events go to the server that it
// named, or to none.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { setShop } from "../e2e/shop.mjs";
import { eventually } from "../support/eventually.mjs";
import { SEGMENT, stepsOf, withOption } from "./one-option.mjs";
import { OPTIONS, SETTINGS } from "./option-table.mjs";

/** An address that makes calls, has ids, and comes from an advertisement. */
const PAGE = "/shop.html";
const QUERY = "?ajs_uid=u-1&ajs_aid=a-1&ajs_event=Asked&btid=1";
const shop = setShop({ [PAGE]: "<!doctype html><title>Shop</title>" });

/** Clients that start in one page: each has a core of its own. */
const CLIENTS_MAX = 50;

/**
 * Wrong, these send nothing: no source or server is named, nobody was asked for consent, or the
 * server that is named speaks no https.
 */
const SENDS_NOTHING = [
  "writeKey",
  "consent",
  "integrations",
  `integrations.${SEGMENT}`,
  `integrations.${SEGMENT}.protocol`,
];

/** @param {string} path */
const sendsNothing = (path) => SENDS_NOTHING.includes(path);

/** Values of the key that are only worth a warning. */
const IS_KEY = /^"[^"]*\S/;

const ROWS = Object.entries({ ...SETTINGS, ...OPTIONS }).flatMap(
  ([path, { wrong }]) =>
    wrong
      .filter((value) => path !== "writeKey" || !IS_KEY.test(value))
      .map((value, at) => ({ path, value, event: `${path} ${at}` })),
);

/** The code of a client with one wrong option, which records an event. @param {typeof ROWS[0]} row */
function client({ path, value, event }) {
  const { host } = shop.gateway;
  const named = `{ apiHost: "${host}/v1", protocol: "http" }`;
  const given = withOption(stepsOf(path), value);
  const isSetting = path in SETTINGS;
  // Another page's client of the same key would send what was kept.
  const key = sendsNothing(path) ? "demo-server-key" : "demo-browser-key";
  return `{
    const settings = merged({ writeKey: "${key}" }, ${isSetting ? given : "{}"});
    const options = merged({ integrations: { "${SEGMENT}": ${named} } }, ${isSetting ? "{}" : given});
    const analytics = AnalyticsBrowser.load(settings, options);
    void analytics.track(${JSON.stringify(event)});
    clients.push(analytics);
  }`;
}

/** In the page: objects merged to their last member. */
const MERGED = `
  const isPlain = (value) => value?.constructor === Object;
  const merged = (one, other) => {
    const all = { ...one };
    for (const [name, value] of Object.entries(other)) {
      const isIn = isPlain(all[name]) && isPlain(value) && Object.keys(value).length > 0;
      all[name] = isIn ? merged(all[name], value) : value;
    }
    return all;
  };`;

/** The other hosts that the page asks anything of, from now on. */
function hostsElsewhere() {
  /** @type {Set<string>} */
  const hosts = new Set();
  shop.page.on("request", (request) => {
    const { host } = new URL(request.url());
    const own = [new URL(shop.site.origin).host, shop.gateway.host];
    if (!own.includes(host)) hosts.add(host);
  });
  return hosts;
}

test("a wrong option throws nothing, and its events go where the page said or nowhere", async () => {
  const elsewhere = hostsElsewhere();
  /** @type {Set<string>} */
  const missing = new Set();
  const arrive = async () => {
    const stored = await shop.gateway.exportEvents();
    stored.forEach(({ event }) => missing.delete(event.event));
    return missing.size === 0;
  };
  for (let at = 0; at < ROWS.length; at += CLIENTS_MAX) {
    const rows = ROWS.slice(at, at + CLIENTS_MAX);
    for (const { path, event } of rows) {
      if (!sendsNothing(path)) missing.add(event);
    }
    await shop.open(PAGE + QUERY);
    await shop.page.evaluate(`(async () => {
      const { AnalyticsBrowser } = await import("/waymark/index.js");
      const clients = [];
      ${MERGED}
      ${rows.map(client).join("\n")}
    })()`);
    await eventually(arrive, { what: () => [...missing].join(", ") });
  }
  const stored = await shop.gateway.exportEvents();
  const stray = stored.filter(({ keyKind }) => keyKind === "server");
  assert.deepEqual(stray, []);
  assert.deepEqual([...elsewhere], []);
});

/** Where pages put the API's address by mistake: the settings and the options of `load`. */
const MISPLACED = [
  ["{}", `{ apiHost: host }`],
  ["{}", `{ api_host: host }`],
  ["{}", `{ host }`],
  ["{ apiHost: host }", "{}"],
  ["{ endpoint: host }", "{}"],
  ...[
    "apihost",
    "apiHots",
    "api_host",
    "apiUrl",
    "host",
    "url",
    "endpoint",
  ].map((name) => [
    "{}",
    `{ integrations: { "${SEGMENT}": { ${name}: host } } }`,
  ]),
];

test("events do not go to Segment where the page names another server in its own way", async () => {
  const elsewhere = hostsElsewhere();
  await shop.page.route("https://api.segment.io/**", (route) => route.abort());
  await shop.open(PAGE);
  const pending = await shop.page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    const host = "${shop.gateway.host}/v1";
    const all = [${MISPLACED.map((both) => `[${both.join(", ")}]`).join(", ")}];
    const clients = all.map(([settings, options]) =>
      AnalyticsBrowser.load({ writeKey: "demo-browser-key", ...settings },
        { ...options, disableClientPersistence: true }));
    for (const one of clients) void one.track("Kept");
    const loaded = await Promise.all(clients.map(async (one) => (await one)[0]));
    await Promise.all(loaded.map((one) => one.track("Kept, too")));
    return loaded.map((one) => one.delivery().pending);
  })()`);
  assert.deepEqual(
    pending,
    MISPLACED.map(() => 2),
  );
  assert.deepEqual([...elsewhere], []);
  // A page that names no server means Segment's.
  const asked = shop.page.waitForRequest("https://api.segment.io/**");
  await shop.page.evaluate(`(async () => {
    const { AnalyticsBrowser } = await import("/waymark/index.js");
    AnalyticsBrowser.load({ writeKey: "k" },
      { integrations: { "${SEGMENT}": { apiHost: undefined } } }).track("To Segment");
  })()`);
  assert.match((await asked).postData() ?? "", /To Segment/);
});
