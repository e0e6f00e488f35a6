// @ts-check
// The provider, its hooks and pages, in Chromium, with the React version of the test file.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import "../support/watchdog.mjs";
import { bundleForNode } from "./react-version.mjs";
import { nameOf, theatre } from "./theatre.mjs";

const SERVER = join(import.meta.dirname, "scenes", "server.tsx");

/** @typedef {{ version: string, rendered: Record<string, string>, complaints: string[] }} Server */

/**
 * The scenes as a server renders them.
 *
 * @param {import("./react-version.mjs").Version} version
 * @returns {Promise<Server>}
 */
async function renderedByServer(version) {
  const folder = await mkdtemp(join(tmpdir(), "waymark-react-"));
  try {
    const bundle = join(folder, "server.cjs");
    await bundleForNode(version, SERVER, bundle);
    return createRequire(import.meta.url)(bundle);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {import("./react-version.mjs").Version} version */
export function providerTests(version) {
  const rendering = renderedByServer(version);
  /** @type {Server} */
  let server;
  before(async () => {
    server = await rendering;
  });
  const stage = theatre(version, {
    rendered: rendering.then(({ rendered }) => rendered),
  });

  test("the server renders with this version, makes no call and leaves no handle open", () => {
    assert.equal(server.version.split(".")[0], String(version));
    assert.match(server.rendered.Hydrated, /<p id="state">waiting<\/p>/);
    assert.match(server.rendered.Home, /<h1>Home/);
    assert.deepEqual(server.complaints, []);
  });

  test("strict mode makes one client and one page event, which precedes the page's own events", async () => {
    await stage.open("Home");
    await stage.set("visits", 2);
    await stage.page.getByText("Home 2").waitFor();
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), [
      "page Shop Home",
      "Product List Viewed",
    ]);
    assert.equal(events[0].properties.visits, 1);
    assert.equal(await clients(), 1);
  });

  test("the server's markup hydrates without warnings", async () => {
    await stage.open("Hydrated", "&hydrate");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["page Home"]);
  });

  test("each page is counted when it is entered, and not when its properties change", async () => {
    await stage.open("Routes");
    for (const route of ["p2", "cart", "p2"]) {
      await stage.set("route", route);
      await stage.page
        .getByText(route === "cart" ? "Cart" : `Product ${route}`)
        .waitFor();
      if (route === "p2") await stage.set("looks", 7);
    }
    const events = await stage.done();
    assert.deepEqual(
      events.map(({ name, category, properties }) => [
        name,
        category ?? null,
        properties.product_id ?? null,
      ]),
      [
        ["Product", "Catalog", "p1"],
        ["Product", "Catalog", "p2"],
        ["Cart", null, null],
        ["Product", "Catalog", "p2"],
      ],
    );
  });

  test("a page whose name comes later is counted once it is known", async () => {
    await stage.open("Unnamed");
    await stage.set("name", "Search");
    await stage.page.getByText("Search").waitFor();
    assert.deepEqual((await stage.done()).map(nameOf), ["page Search"]);
  });

  test("a page that waits for its data is counted once", async () => {
    await stage.open("Waiting");
    await stage.page.getByText("Soon").waitFor();
    await stage.set("arrive");
    await stage.page.getByText("There").waitFor();
    assert.deepEqual((await stage.done()).map(nameOf), ["page Late"]);
  });

  // React 18 has no Activity.
  if (version >= 19) {
    test("a hidden page is counted again when it is shown", async () => {
      await stage.open("Hidden");
      const title = stage.page.getByText("Cart");
      await stage.set("mode", "hidden");
      await title.waitFor({ state: "hidden" });
      await stage.set("mode", "visible");
      await title.waitFor();
      const events = await stage.done();
      assert.deepEqual(events.map(nameOf), ["page Cart", "page Cart"]);
    });
  }

  test("only components that read isReady render again", async () => {
    await stage.open("Renders");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    const { renders } = await stage.page.evaluate("({ ...window.stage })");
    assert.deepEqual(renders, { caller: 1, waiter: 2 });
    await stage.set("handler");
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["Was Ready"]);
  });

  test("calls before the client has loaded arrive, though the page is unmounted", async () => {
    await stage.open("Home", "&leave");
    const events = await stage.eventsUntil("Product List Viewed");
    assert.deepEqual(events.map(nameOf), [
      "page Shop Home",
      "Product List Viewed",
    ]);
  });

  test("a provider that is mounted again goes on with the same client", async () => {
    await stage.open("Hydrated");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    await stage.page.evaluate("window.unmount(), window.show()");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    assert.equal(await clients(), 1);
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["page Home", "page Home"]);
  });

  test("every call of the hook makes its event", async () => {
    await stage.open("Calls");
    await stage.set("calls");
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), [
      "page Shop Cart",
      "page Unfiled",
      "screen Shop Kiosk",
      "identify",
      "identify",
      "group",
      "alias",
      "Timed",
    ]);
    const [cart, unfiled, screen, first, second, group, alias, timed] = events;
    assert.equal(cart.properties.total, 1);
    assert.equal(unfiled.properties.total, 2);
    assert.equal(screen.properties.floor, 1);
    assert.deepEqual([first.userId, second.userId], ["user_1", "user_1"]);
    assert.deepEqual(second.traits, { plan: "gold", city: "Ambleside" });
    assert.deepEqual([group.groupId, group.traits.size], ["group_1", 2]);
    assert.deepEqual([alias.userId, alias.previousId], ["user_2", "user_1"]);
    assert.equal(timed.context.ip, "10.0.0.1");
    const after = (await stage.gateway.exportEvents()).at(-1);
    assert.equal(after?.userId ?? null, null, "reset forgets the visitor");
  });

  test("another write key makes another client, which records the current page", async () => {
    stage.expected.push(/looks like the key of a server/);
    await stage.open("Keys");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    await stage.set("writeKey", "demo-server-key");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    await stage.done();
    const stored = await stage.gateway.waitForEvents(3);
    const byKey = (/** @type {string} */ kind) =>
      stored
        .filter(({ keyKind }) => keyKind === kind)
        .map(({ event }) => nameOf(event));
    assert.deepEqual(byKey("browser"), ["page Home"]);
    assert.deepEqual(byKey("server"), ["page Home", "Done"]);
  });

  test("a client made by the page is used unchanged", async () => {
    await stage.open("Given");
    await stage.page.getByText("ready", { exact: true }).waitFor();
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["Product List Viewed"]);
  });

  test("a component has the client itself, to say that the visitor agrees", async () => {
    await stage.open("Asking");
    await stage.page.evaluate("window.stage.track('Held')");
    assert.deepEqual(await stage.page.context().cookies(), []);
    await stage.page.getByText("Agree").click();
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["Product List Viewed", "Held"]);
  });

  test("without a provider there is no client", async () => {
    stage.expected.push(/there is no SegmentProvider/);
    await stage.open("Unasked");
    await stage.page.getByText("Agree").click();
  });

  test("without a provider the page works, and logs one warning", async () => {
    const said = /there is no SegmentProvider/;
    stage.expected.push(said);
    await stage.open("Alone");
    await stage.page.getByText("Things").waitFor();
    assert.equal(
      stage.troubles.filter((text) => said.test(text)).length,
      1,
      stage.troubles.join("\n"),
    );
  });

  test("a client that throws does not break the page", async () => {
    await stage.open("Broken");
    await stage.page.getByText("Things").waitFor();
  });

  /** How many cores the page has fetched. */
  const clients = () =>
    stage.page.evaluate(
      () =>
        performance
          .getEntriesByType("resource")
          .filter(({ name }) => name.endsWith(".wasm")).length,
    );
}
