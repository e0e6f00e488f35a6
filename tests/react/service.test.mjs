// @ts-check
// The browser service, in Chromium against the real gateway, and on a server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SegmentBrowserService, segmentBrowser } from "waymark";
import "../support/watchdog.mjs";
import { nameOf, theatre } from "./theatre.mjs";

const stage = theatre(19);

/** Runs `code` in a page that has the package. @param {string} code */
const run = (code) =>
  stage.page.evaluate(`(async () => {
    const { SegmentBrowserService, segmentBrowser } = await import("waymark");
    const options = { integrations: { "Segment.io": {
      apiHost: "${stage.gateway.host}/v1", protocol: "http" } } };
    ${code}
  })()`);

test("calls before initialize are held, each with its place and page", async () => {
  await stage.open("Alone");
  stage.expected.push(/no SegmentProvider/);
  await run(`
    const service = new SegmentBrowserService("demo-browser-key");
    service.page("Shop", "Home", { at: 1 });
    service.identify("user_1", { plan: "gold" });
    service.identify(undefined, { city: "Ambleside" });
    service.group("group_1", { size: 2 });
    service.alias("user_2", "user_1");
    history.replaceState({}, "", "/later");
    await service.initialize({ options });
    await service.initialize({ options });
    service.track("Done");`);
  const events = await stage.eventsUntil();
  assert.deepEqual(events.map(nameOf), [
    "page Shop Home",
    "identify",
    "identify",
    "group",
    "alias",
    "Done",
  ]);
  assert.equal(events[0].context.page.path, "/shop.html");
  assert.equal(events[5].context.page.path, "/later");
  assert.deepEqual(events[2].traits, { plan: "gold", city: "Ambleside" });
});

test("an initialized service knows the visitor, and forgets them on reset", async () => {
  await stage.open("Alone");
  stage.expected.push(/no SegmentProvider/);
  const [before, during, after] = await run(`
    const service = new SegmentBrowserService("demo-browser-key");
    const known = () => Promise.all(
      [service.getUserId(), service.getTraits(), service.getAnonymousId()]);
    const before = await known();
    let called = 0;
    service.ready(() => called++);
    await service.initialize({ options });
    service.identify("user_1", { plan: "gold" });
    const during = await known();
    service.reset();
    const after = await known();
    service.debug(); service.debug(false);
    service.track("Done");
    return [before, [...during, called], after];`);
  assert.deepEqual(before, [undefined, undefined, undefined]);
  assert.deepEqual(during.slice(0, 2), ["user_1", { plan: "gold" }]);
  assert.match(during[2], /^[0-9a-f-]{36}$/);
  assert.equal(during[3], 1);
  assert.equal(after[0], undefined);
  assert.deepEqual(after[1], {});
  assert.notEqual(after[2], during[2]);
  await stage.eventsUntil();
});

test("integrations that are set go with later calls, whose own take precedence", async () => {
  await stage.open("Alone");
  stage.expected.push(/no SegmentProvider/);
  await run(`
    const service = new SegmentBrowserService("demo-browser-key");
    await service.initialize({ options });
    service.track("Before");
    service.setIntegrations({ Mixpanel: false, Vero: false });
    service.track("After", {}, { integrations: { Vero: true } });
    service.page("Shop", "Home");
    service.setIntegrations({});
    service.track("Done");`);
  const events = await stage.eventsUntil();
  const none = { Mixpanel: undefined, Vero: undefined };
  assert.deepEqual(
    events.map(({ integrations: { Mixpanel, Vero } }) => ({ Mixpanel, Vero })),
    [
      none,
      { Mixpanel: false, Vero: true },
      { Mixpanel: false, Vero: false },
      none,
    ],
  );
});

test("initialize may pass the key, and the service shares the provider's client of that key", async () => {
  await stage.open("Renders");
  await stage.page.getByText("ready", { exact: true }).waitFor();
  await run(`
    await segmentBrowser.initialize({ writeKey: "demo-browser-key", options });
    segmentBrowser.track("Done");`);
  assert.deepEqual((await stage.eventsUntil()).map(nameOf), ["Done"]);
  const cores = await stage.page.evaluate(
    () =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".wasm")).length,
  );
  assert.equal(cores, 1);
});

test("without a key the service says so, and initialize resolves", async () => {
  await stage.open("Alone");
  stage.expected.push(/no SegmentProvider/, /load\(\) needs a writeKey/);
  assert.equal(
    await run(`
    const service = new SegmentBrowserService();
    service.track("Nowhere");
    await service.initialize();
    return stage.renders && "resolved";`),
    "resolved",
  );
});

test("on a server every call of the service is safe, and none waits", async () => {
  const service = new SegmentBrowserService("k");
  service.track("Nowhere");
  service.page("Shop", "Home");
  service.setIntegrations({ All: false });
  await service.initialize();
  assert.equal(await service.getUserId(), undefined);
  await segmentBrowser.initialize();
  assert.equal(await segmentBrowser.getAnonymousId(), undefined);
});
