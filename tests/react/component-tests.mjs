// @ts-check
// Tracked links, buttons and forms in Chromium, with the React version of the test file.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/watchdog.mjs";
import { nameOf, theatre } from "./theatre.mjs";

/** @param {import("./react-version.mjs").Version} version */
export function componentTests(version) {
  const stage = theatre(version);
  const press = (
    /** @type {string} */ id,
    /** @type {Parameters<import("playwright-core").Page["click"]>[1]} */ how = {},
  ) => stage.page.click(`#${id}`, how);

  test("the browser follows a link, and its click is not lost", async () => {
    await stage.open("Links");
    await press("plain");
    await stage.page.waitForURL("**/next.html");
    // The next page of the shop sends what this one had no time for.
    await stage.open("Links");
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["Went On"]);
    assert.deepEqual(events[0].properties, {
      link_url: "/next.html",
      place: "footer",
    });
    assert.equal(events[0].context.page.path, "/shop.html");
  });

  test("a link passes on every attribute of a link", async () => {
    await stage.open("Links");
    const link = stage.page.locator("#plain");
    assert.deepEqual(
      await link.evaluate((it) =>
        Object.fromEntries(
          [...it.attributes].map(({ name, value }) => [name, value]),
        ),
      ),
      {
        "aria-label": "Go on",
        class: "link",
        "data-kind": "a",
        href: "/next.html",
        id: "plain",
      },
    );
  });

  for (const [what, how] of /** @type {const} */ ([
    ["the control key", { modifiers: ["Control"] }],
    ["the middle button", { button: "middle" }],
  ])) {
    test(`a click with ${what} is tracked once and leaves the page where it is`, async () => {
      await stage.open("Links");
      const opened = stage.page.context().waitForEvent("page");
      await press("plain", /** @type {any} */ (how));
      await (await opened).waitForURL("**/next.html");
      assert.match(stage.page.url(), /shop\.html/);
      assert.deepEqual((await stage.done()).map(nameOf), ["Went On"]);
    });
  }

  test("a right click is not tracked", async () => {
    await stage.open("Links");
    await press("plain", { button: "right" });
    assert.deepEqual(await stage.done(), []);
  });

  test("a link that opens a new tab is tracked and opens it", async () => {
    await stage.open("Links");
    const opened = stage.page.context().waitForEvent("page");
    await press("blank");
    await (await opened).waitForURL("**/next.html");
    assert.deepEqual((await stage.done()).map(nameOf), ["Opened"]);
  });

  test("the page's own handler runs after, and may prevent the navigation", async () => {
    await stage.open("Links");
    await press("kept");
    assert.match(stage.page.url(), /shop\.html/);
    assert.deepEqual((await stage.done()).map(nameOf), ["Kept", "Own Handler"]);
  });

  test("a router's link is tracked, with `as` or as the child", async () => {
    await stage.open("Routed");
    await press("as");
    await stage.page.getByText("/sale", { exact: true }).waitFor();
    const child = stage.page.locator("#child");
    assert.equal(await child.getAttribute("class"), "outer inner");
    await child.click();
    await stage.page.getByText("/cart", { exact: true }).waitFor();
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), ["As", "As Child", "Child Handler"]);
    assert.deepEqual(
      events.map(({ properties }) => properties?.link_url),
      ["/sale", "/cart", undefined],
    );
  });

  test("refs get their elements, the child's own too, and are released", async () => {
    await stage.open("Refs");
    const ids = ["anchor", "button", "both", "both"];
    assert.deepEqual(await stage.set("refs"), ids);
    await stage.set("shown", false);
    await stage.page.locator("#both").waitFor({ state: "detached" });
    assert.deepEqual(await stage.set("refs"), [null, null, null, null]);
  });

  test("a button is tracked before its handler, unless it is disabled", async () => {
    await stage.open("Buttons");
    await press("press");
    await stage.page.locator("#off").dispatchEvent("click");
    await press("fancy");
    assert.equal(
      await stage.page.getAttribute("#press", "title"),
      "Press",
      "native attributes pass through",
    );
    assert.equal(await stage.page.getAttribute("#fancy", "data-tone"), "warm");
    const events = await stage.done();
    assert.deepEqual(events.map(nameOf), [
      "Pressed",
      "Own Handler",
      "Fancy Pressed",
    ]);
    assert.deepEqual(events[0].properties, { at: 1 });
  });

  test("anything but a single child gets an element around it", async () => {
    await stage.open("Buttons");
    await stage.page.getByRole("button", { name: "Two things" }).click();
    assert.deepEqual((await stage.done()).map(nameOf), ["Not One"]);
  });

  test("the click hook returns a handler, which has the latest properties", async () => {
    await stage.open("Buttons");
    await press("handler");
    await stage.set("times", 2);
    await press("more");
    const events = await stage.done();
    assert.deepEqual(
      events.map(({ properties }) => properties),
      [{ times: 1 }, { times: 2, more: true }],
    );
  });

  test("in a portal into a frame, what a handler passes along is recorded without what is the page's", async () => {
    await stage.open("Portal");
    const frame = stage.page.frameLocator("#frame");
    for (const id of ["handler", "passes", "pressed"]) {
      await frame.locator(`#${id}`).click();
    }
    const events = await stage.done();
    const passed = { product_id: 7, deep: { kept: true, list: [null, null] } };
    const place = "frame";
    assert.deepEqual(
      events.map(({ event, properties: { copy, inside, ...rest } }) => [
        event,
        rest,
      ]),
      [
        ["Hooked", { place }],
        ["Hooked", { place, ...passed }],
        ["Pressed", { place }],
        ["Own Handler", passed],
      ],
    );
    const wire = JSON.stringify(events);
    assert.doesNotMatch(wire, /kim@mail|secret-token|memoizedProps|__react/);
  });

  test("a form records the properties it is given, and reads no field", async () => {
    await stage.open("Form");
    await stage.page.fill("input", "ann@example.org");
    for (const id of ["wrong", "bare", "send"]) await press(id);
    const events = await stage.done();
    const form_name = "Newsletter";
    assert.deepEqual(
      events.map(({ event, properties }) => [event, properties]),
      [
        ["Form Started", { form_name }],
        ["Form Error", { form_name, error_message: "No such address" }],
        ["Form Submitted", { form_name }],
        ["Form Submitted", { form_name, topic: "tents" }],
      ],
    );
  });

  test("an element is recorded once when it is seen, and not before", async () => {
    await stage.open("Visible");
    assert.equal(await stage.set("section"), "top");
    await stage.eventsUntil("Promotion Viewed");
    await stage.set("looks", 2);
    await stage.page.locator("#bottom").scrollIntoViewIfNeeded();
    await stage.eventsUntil("Bottom Seen");
    await stage.page.locator("#top").scrollIntoViewIfNeeded();
    const events = await stage.done();
    assert.deepEqual(
      events.map(({ event, properties }) => [event, properties.looks ?? null]),
      [
        ["Top Seen", 1],
        ["Promotion Viewed", 1],
        ["Bottom Seen", null],
      ],
    );
  });
}
