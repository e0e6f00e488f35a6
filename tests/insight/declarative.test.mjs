// @ts-check
// Events that the markup asks for, in Chromium against the real gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { packageFiles } from "../support/package-files.mjs";
import { setScene } from "./scene.mjs";

const SHOP = `<!doctype html><title>Shop</title>
<button id="buy" data-wm-event="Product Clicked" data-wm-prop-product-id="0042"
  data-wm-prop-list="Top" data-wm-props='{"price":49.5,"position":3}'><i id="inner">Buy</i></button>
<a id="link" href="/next.html" data-wm-event="Link Clicked" data-wm-prop-to="next">Next</a>
<section data-wm-event="Outer"><b id="plain">Text</b>
  <b id="own" data-wm-event="Inner">Text</b></section>
<b id="none" data-wm-event="">Text</b>
<b id="broken" data-wm-event="Broken" data-wm-props="{price">Text</b>
<form id="form" action="/next.html" data-wm-event="Form Sent" data-wm-prop-form-name="signup"
  data-wm-fields="size colour colours email secret sku card terms elements shown file">
  <input name="elements" value="named like a member">
  <input name="email" value="ann@example.org" autocomplete="email">
  <input name="unlisted" value="not to be read">
  <input name="secret" type="password" value="hunter2">
  <input name="shown" type="text" autocomplete="section-a current-password" value="hunter2">
  <input name="card" autocomplete="section-pay billing CC-Number" value="4111111111111111">
  <input name="sku" type="hidden" value="T-1">
  <input name="file" type="file">
  <input name="terms" type="checkbox" value="yes">
  <input name="colours" type="checkbox" value="red" checked>
  <input name="colours" type="checkbox" value="blue" checked>
  <input name="colour" type="radio" value="red"><input name="colour" type="radio" value="green" checked>
  <select name="size"><option>S<option selected>M</select>
  <button id="send">Send</button>
</form>`;
const TAG = `<!doctype html><title>Tag</title>
  <b data-wm-event="From Tag">Text</b><script src="/waymark/waymark.iife.js"></script>`;

const scene = setScene({
  "/shop.html": SHOP,
  "/tag.html": TAG,
  "/next.html": "<!doctype html><title>Next</title>",
});

/** Starts a client with the option, and waits until it listens. */
async function listen() {
  const chunk = scene.page.waitForResponse(/automatic/);
  await scene.start("await analytics;", { declarative: true });
  await (await chunk).finished();
  // What was fetched has run when a task after it has.
  await scene.run(
    "await import(performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.includes('automatic')));",
  );
}

/** The stored events by name, with their properties. */
async function told() {
  const events = await scene.stored();
  return events.map(({ event, properties }) => [event, properties]);
}

test("a click is the event of the nearest element that asks for one", async () => {
  await scene.visit("/shop.html");
  await listen();
  await scene.run(
    "document.body.addEventListener('click', (e) => e.stopPropagation(), true);",
  );
  for (const id of ["inner", "plain", "own", "none"]) {
    await scene.page.click(`#${id}`);
  }
  const buy = { product_id: "0042", list: "Top", price: 49.5, position: 3 };
  assert.deepEqual(await told(), [
    ["Product Clicked", buy],
    ["Outer", {}],
    ["Inner", {}],
  ]);
});

test("markup that comes later asks for events too, also in a shadow tree", async () => {
  await scene.visit("/shop.html");
  await listen();
  await scene.run(`document.body.insertAdjacentHTML("beforeend",
      '<b id="late" data-wm-event="Late">Text</b><div id="host">Text</div>');
    $("#host").attachShadow({ mode: "open" }).innerHTML =
      '<b data-wm-event="In Shadow">Text</b>';`);
  await scene.page.click("#late");
  await scene.page.click("#host b");
  assert.deepEqual(await told(), [
    ["Late", {}],
    ["In Shadow", {}],
  ]);
});

test("a link is followed, and its click told", async () => {
  await scene.visit("/shop.html");
  await listen();
  const opened = scene.page.context().waitForEvent("page");
  await scene.page.click("#link", { button: "middle" });
  await (await opened).close();
  await scene.page.click("#link", { button: "right" });
  await scene.page.click("#link");
  await scene.page.waitForURL("**/next.html");
  const events = await scene.gateway.waitForEvents(2);
  assert.deepEqual(
    events.map(({ event }) => [event.event, event.properties]),
    Array(2).fill(["Link Clicked", { to: "next" }]),
  );
});

test("of a form the listed fields are told, and never what is secret", async () => {
  await scene.visit("/shop.html");
  await listen();
  await scene.page.click("#form input[name=email]");
  await scene.page.click("#send");
  await scene.page.waitForURL("**/next.html?**");
  const [{ event }] = await scene.gateway.waitForEvents(1);
  assert.equal(event.event, "Form Sent");
  assert.deepEqual(event.properties, {
    elements: "named like a member",
    email: "ann@example.org",
    sku: "T-1",
    colours: ["red", "blue"],
    colour: "green",
    size: "M",
    form_name: "signup",
  });
  const text = JSON.stringify(event);
  for (const secret of ["hunter2", "4111111111111111", "not to be read"]) {
    assert.ok(!text.includes(secret), secret);
  }
});

/** A form whose submission is recorded as `name`. @param {string} name */
const form = (name) =>
  `<form data-wm-event="${name}" data-wm-fields="q getRootNode" onsubmit="event.preventDefault()">
    <input name="q" value="tent"><input name="getRootNode" value="x"><button>Send</button></form>`;
const FIELDS = { q: "tent", getRootNode: "x" };

/** Trees of shadows around a form, as code that has `host` and the form's `html`, and returns the form. */
const SHADOWS = {
  "an open root": `const root = host.attachShadow({ mode: "open" });
    root.innerHTML = html; return root.querySelector("form");`,
  "nested roots": `let at = host;
    for (let n = 0; n < 3; n++) {
      const root = at.attachShadow({ mode: "open" });
      root.innerHTML = "<div><p></p></div>";
      at = root.querySelector("p");
    }
    const root = at.attachShadow({ mode: "open" });
    root.innerHTML = html; return root.querySelector("form");`,
  "a custom element": `customElements.define("shop-form", class extends HTMLElement {
      constructor() { super(); this.attachShadow({ mode: "open" }).innerHTML = html; } });
    host.innerHTML = "<shop-form></shop-form>";
    return host.firstChild.shadowRoot.querySelector("form");`,
  "a slot": `host.innerHTML = html;
    host.attachShadow({ mode: "open" }).innerHTML = "<button>Other</button><slot></slot>";
    return host.querySelector("form");`,
  "a slot of a nested root": `const outer = host.attachShadow({ mode: "open" });
    outer.innerHTML = "<div>" + html + "</div>";
    outer.querySelector("div").attachShadow({ mode: "open" }).innerHTML = "<slot></slot>";
    return outer.querySelector("form");`,
};
/** Ways to submit it. @type {Record<string, (form: import("playwright-core").ElementHandle<any>) => Promise<unknown>>} */
const SUBMISSIONS = {
  "a click": async (form) => (await form.$("button"))?.click(),
  "the Enter key": async (form) => (await form.$("input"))?.press("Enter"),
  "a script's click": (form) =>
    form.evaluate((form) => form.querySelector("button").click()),
  requestSubmit: (form) =>
    form.evaluate((form) => HTMLFormElement.prototype.requestSubmit.call(form)),
};

for (const [where, code] of Object.entries(SHADOWS)) {
  test(`a form in ${where} is told once, however it is submitted`, async () => {
    const expected = [];
    for (const [how, submit] of Object.entries(SUBMISSIONS)) {
      for (const isLate of [false, true]) {
        await scene.visit("/shop.html");
        const name = `${how} ${isLate}`;
        if (isLate) await listen();
        const handle = await scene.page.evaluateHandle(
          `((host, html) => { document.body.prepend(host); ${code} })(
            document.createElement("div"), ${JSON.stringify(form(name))})`,
        );
        if (!isLate) await listen();
        const element = handle.asElement();
        assert.ok(element);
        // A second submission of the same form is a second event, and no third.
        await submit(element);
        await submit(element);
        await scene.run("await analytics.track('Sent');");
        expected.push([name, FIELDS], [name, FIELDS], ["Sent", {}]);
        await scene.gateway.waitForEvents(expected.length);
      }
    }
    assert.deepEqual((await told()).sort(), expected.sort());
  });
}

test("a form in a closed root is not told, and works", async () => {
  await scene.visit("/shop.html");
  await listen();
  await scene.run(`const host = document.createElement("div");
    document.body.prepend(host);
    const root = host.attachShadow({ mode: "closed" });
    root.innerHTML = ${JSON.stringify(form("Closed"))};
    let submitted = 0;
    root.addEventListener("submit", () => submitted++);
    root.querySelector("form").requestSubmit();
    if (submitted !== 1) throw new Error("not submitted");
    await analytics.track("Sent");`);
  assert.deepEqual(await told(), [["Sent", {}]]);
});

test("properties that are no JSON are said so, and the event goes without them", async () => {
  await scene.visit("/shop.html");
  await listen();
  const warned = scene.page.waitForEvent("console");
  await scene.page.click("#broken");
  assert.match((await warned).text(), /data-wm-props is not JSON/);
  assert.deepEqual(await told(), [["Broken", {}]]);
});

test("without the option nothing is told", async () => {
  await scene.visit("/shop.html");
  await scene.start("await analytics;");
  await scene.page.click("#buy");
  assert.deepEqual(await told(), []);
});

test("the script-tag build fetches what listens from beside it", async () => {
  assert.ok((await packageFiles())["/waymark/waymark.automatic.js"]);
  await scene.visit("/tag.html");
  const chunk = scene.page.waitForResponse("**/waymark.automatic.js");
  await scene.run(`await analytics.load({ writeKey: "demo-browser-key" }, { declarative: true,
    integrations: { "Segment.io": { apiHost: "${scene.gateway?.host}/v1", protocol: "http" } } });
    globalThis.loaded = true;`);
  await (await chunk).finished();
  await scene.run("await import('/waymark/waymark.automatic.js');");
  await scene.page.click("b");
  assert.deepEqual(await told(), [["From Tag", {}]]);
});
