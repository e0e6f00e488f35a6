// @ts-check
// trackLink, trackClick, trackForm and trackSubmit.
import assert from "node:assert/strict";
import { thatLeaves } from "../../support/leaving-code.mjs";

/** @typedef {import("../scenario.mjs").Stage} Stage */

/** A click made by the page itself, as concurrent windows do not have a pointer each. */
const CLICK = thatLeaves(`document.querySelector("#target").dispatchEvent(
  new MouseEvent("click", { bubbles: true, cancelable: true, view: window }))`);

/** Returns the page's final URL, once the events are stored. @param {string} path */
const clicked =
  (path, setup = "") =>
  /** @param {Stage} stage */
  async ({ start, page, stored }) => {
    await start(`await a; ${setup}`);
    await page.evaluate(CLICK);
    await page.waitForURL(`**${path}`, { waitUntil: "commit" });
    await stored(1);
    return new URL(page.url()).pathname;
  };

/** Links, their markup, and the call that tracks them. */
const LINKS = /** @type {[string, string, string][]} */ ([
  [
    "an element",
    `<a id="target" href="/next">Go</a>`,
    `await a.trackLink(document.querySelector("a"), "Clicked", { p: 1 });`,
  ],
  [
    "a list",
    `<a id="target" href="/next">Go</a><a href="/other">No</a>`,
    `await a.trackLink([...document.querySelectorAll("a")], "Clicked");`,
  ],
  [
    "a list like jQuery's",
    `<a id="target" href="/next">Go</a>`,
    `await a.trackLink({ toArray: () => [...document.querySelectorAll("a")] }, "Clicked");`,
  ],
  [
    "functions for its name and properties",
    `<a id="target" href="/next" title="T">Go</a>`,
    `await a.trackLink(document.querySelector("a"), (el) => "Clicked " + el.title, (el) => ({ href: el.getAttribute("href") }));`,
  ],
  [
    "options",
    `<a id="target" href="/next">Go</a>`,
    `await a.trackLink(document.querySelector("a"), "Clicked", {}, { foo: 1, integrations: { X: true } });`,
  ],
  [
    "a link inside an element",
    `<div id="target"><a href="/next">Go</a></div>`,
    `await a.trackLink(document.querySelector("div"), "Clicked");`,
  ],
  [
    "the other name, trackClick",
    `<a id="target" href="/next">Go</a>`,
    `await a.trackClick(document.querySelector("a"), "Clicked");`,
  ],
  [
    "an SVG link",
    `<svg width="90" height="40"><a id="target" xlink:href="/next"><rect width="80" height="30" /></a></svg>`,
    `await a.trackLink(document.querySelector("a"), "Clicked");`,
  ],
]);

/** @type {import("../scenario.mjs").Scenario[]} */
const all = [
  ...LINKS.map(([what, html, call]) => ({
    name: `a tracked link with ${what}`,
    html,
    drive: clicked("/next", call),
  })),
  {
    name: "trackLink without an element does nothing",
    code: `const client = await a.trackLink(null, "Clicked"); return client === (await a)[0];`,
    events: 0,
  },
  {
    name: "trackLink of anything but an element fails",
    code: `await a.trackLink([{}], "Clicked", {}).catch(({ name }) => log.push(name));`,
    events: 0,
  },
  {
    name: "trackLink resolves with the client",
    html: `<a href="/next">Go</a>`,
    code: `return (await a.trackLink(document.querySelector("a"), "Clicked")) === (await a)[0];`,
    events: 0,
  },
  {
    name: "a tracked button without a link stays on the page",
    html: `<button id="target">Add</button>`,
    drive: async ({ start, page, stored }) => {
      await start(
        `await a.trackLink(document.querySelector("button"), "Added", { p: 1 });`,
      );
      await page.evaluate(CLICK);
      await stored(1);
      return new URL(page.url()).pathname;
    },
  },
  {
    name: "a link for a new tab is left to the browser",
    html: `<a id="target" href="/next" target="_blank">Go</a>`,
    drive: async ({ start, page, stored }) => {
      await start(`await a.trackLink(document.querySelector("a"), "Clicked");`);
      await page.evaluate(CLICK);
      await stored(1);
      return new URL(page.url()).pathname;
    },
    better:
      "a tracked click never raises an unhandled rejection; with Segment's client it does when its event takes long",
    expect: ({ value, events, errors }) => {
      assert.equal(value, "/cart");
      assert.equal(events.length, 1);
      assert.deepEqual(errors, []);
    },
    sometimes: true,
  },
  {
    name: "a click with ctrl is left to the browser",
    html: `<a id="target" href="/next">Go</a>`,
    drive: async ({ start, page, stored }) => {
      await start(`await a.trackLink(document.querySelector("a"), "Clicked");`);
      await page.evaluate(CLICK.replace("view:", "ctrlKey: true, view:"));
      await stored(1);
      return new URL(page.url()).pathname;
    },
    better:
      "a tracked click never raises an unhandled rejection; with Segment's client it does when its event takes long",
    expect: ({ value, events, errors }) => {
      assert.equal(value, "/cart");
      assert.equal(events.length, 1);
      assert.deepEqual(errors, []);
    },
    sometimes: true,
  },
  {
    name: "a link is followed although its event is not answered",
    html: `<a id="target" href="/next">Go</a>`,
    server: { api: () => ({ hang: true, ingest: true }) },
    drive: async ({ start, page }) => {
      await start(`await a.trackLink(document.querySelector("a"), "Clicked");`);
      await page.evaluate(CLICK);
      await page.waitForURL("**/next", { waitUntil: "commit" });
      return new URL(page.url()).pathname;
    },
    events: 0,
    drain: false,
    stateless: true,
    better:
      "a click is followed, and its event kept until a server acknowledges it",
    expect: ({ value }) => assert.equal(value, "/next"),
    sometimes: true,
  },
  ...["trackForm", "trackSubmit"].map((method) => ({
    name: `${method} sends the event, then the form`,
    html: `<form action="/sent"><input name="q" value="1"><button id="target">Send</button></form>`,
    drive: async (/** @type {Stage} */ { start, page, stored }) => {
      await start(
        `const [client] = await a; await client.${method}(document.querySelector("form"), "Sent", { p: 1 });`,
      );
      await page.evaluate(CLICK);
      await page.waitForURL("**/sent?**", { waitUntil: "commit" });
      await stored(1);
      return new URL(page.url()).search;
    },
  })),
  {
    name: "a form's functions are called with the form",
    html: `<form action="/sent" name="checkout"><input name="q" value="1"><button id="target">Send</button></form>`,
    drive: async ({ start, page, stored }) => {
      await start(`const [client] = await a;
        await client.trackForm([document.querySelector("form")], (el) => "Sent " + el.name, (el) => ({ q: el.q.value }));`);
      await page.evaluate(CLICK);
      await page.waitForURL("**/sent?**", { waitUntil: "commit" });
      await stored(1);
    },
  },
  {
    name: "a form is sent with the button that submitted it",
    html: `<form action="/sent"><input name="q" value="1"><button id="target" name="button" value="buy">Buy</button></form>`,
    drive: async ({ start, page, stored }) => {
      await start(
        `const [client] = await a; await client.trackForm(document.querySelector("form"), "Sent");`,
      );
      await page.evaluate(CLICK);
      await page.waitForURL("**/sent?**", { waitUntil: "commit" });
      await stored(1);
      return new URL(page.url()).search;
    },
    better:
      "the button's name and value are sent with the form; Segment's client drops them",
    expect: ({ value }) => assert.equal(value, "?q=1&button=buy"),
  },
  {
    name: "trackForm without an element does nothing",
    code: `const [client] = await a; return (await client.trackForm(null, "Sent")) === client;`,
    events: 0,
  },
  {
    name: "trackForm of anything but an element fails",
    code: `const [client] = await a; await client.trackForm({}, "Sent").catch(({ name }) => log.push(name));`,
    events: 0,
  },
];

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = all.map((one) =>
  one.drive ? { ...one, alone: true } : one,
);
