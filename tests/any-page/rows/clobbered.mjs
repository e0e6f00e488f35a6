// @ts-check
// Elements and globals whose names stand in for members of the document or of the window.

/** Members of the document that an image, a form or a frame may be named like. */
const MEMBERS = [
  "URL",
  "addEventListener",
  "body",
  "cookie",
  "createElement",
  "currentScript",
  "documentElement",
  "head",
  "prerendering",
  "querySelector",
  "readyState",
  "referrer",
  "title",
  "visibilityState",
];

/** What else may stand in: also an element that is a function, and a list of two elements. */
const OTHERS = [
  (/** @type {string} */ name) =>
    `<form name="${name}" action="https://other.example/"></form>`,
  (/** @type {string} */ name) => `<object name="${name}"></object>`,
  (/** @type {string} */ name) =>
    `<form name="${name}"></form><form name="${name}"></form>`,
];

/** An image, and one of the others in turn. @param {string} name @param {number} at */
const standingIn = (name, at) => [
  `<img name="${name}" src="https://other.example/">`,
  OTHERS[at % OTHERS.length]?.(name) ?? "",
];

/** Elements whose ids become globals, and what page scripts declare under such names. */
const GLOBALS = {
  elements: [
    "Cookiebot",
    "Navigation",
    "Temporal",
    "analytics",
    "crypto",
    "indexedDB",
    "localStorage",
    "location",
    "navigation",
    "process",
    "scriptUrl",
    "sessionStorage",
  ],
  declared: {
    "var URL": "var URL = document.URL;",
    "a URL that is an element": `window.URL = document.createElement("a");`,
    "const URL": "const URL = () => {}, URLSearchParams = {};",
    "const BroadcastChannel": "const BroadcastChannel = [];",
    "a channel that cannot be opened":
      "var BroadcastChannel = function () { throw new Error('no'); };",
    "a channel of a page": "var BroadcastChannel = function () {};",
    "const history": "const history = [];",
    "let navigation": "let navigation = { open: true };",
    "var navigation":
      "var navigation = { addEventListener: null, currentEntry: {} };",
    "a navigation that listens":
      "var navigation = { addEventListener() {}, navigate() {} };",
    "const crypto": "const crypto = {};",
    "const performance": "const performance = 1;",
    "function addEventListener":
      "function addEventListener() { throw new Error('no'); }",
    "class Document": "class Document {} ; class HTMLDocument {}",
    "class EventTarget": "class EventTarget {}",
    "class Element": "class Element {} ; class Event {} ; class Node {}",
    "const VERSION": "const VERSION = {}, KEY = 1, get = 2, wasm = 3;",
    "a process": "var process = {};",
    "a console that only logs": "var console = { log() {} };",
  },
};

/** What stands in for the Navigation API. */
const NAVIGATIONS = {
  "an object": "{}",
  "an element": `document.createElement("nav")`,
  "a function": "() => {}",
  nothing: "undefined",
  "an object each of whose gets throws": `new Proxy({}, { get() { throw new Error("no"); } })`,
};

/** A route, and then a click on marked markup. */
const ROUTE_AND_CLICK = `
  const button = document.createElement("button");
  button.setAttribute("data-wm-event", "Clicked");
  document.documentElement.append(button);
  analytics.on("page", () => setTimeout(() => button.click()));
  track("Made");
  history.pushState({}, "", "?next");`;

/** @type {import("../row.mjs").Row[]} */
export const rows = [
  ...MEMBERS.flatMap((name, at) =>
    standingIn(name, at).map((html) => ({ name: html, html })),
  ),
  ...GLOBALS.elements.flatMap((name) => [
    {
      name: `<section id="${name}">`,
      html: `<section id="${name}"></section>`,
    },
    {
      name: `<iframe name="${name}">`,
      html: `<iframe name="${name}"></iframe>`,
    },
  ]),
  {
    name: "two sections of the id analytics",
    html: `<section id="analytics"></section><section id="analytics"></section>`,
  },
  {
    name: "all members at once",
    html: MEMBERS.map((name) => `<img name="${name}">`).join(""),
  },
  { name: "a base", html: `<base href="https://other.example/shop/">` },
  {
    name: "a base, with files that are asked for on use",
    html: `<base href="https://other.example/shop/">`,
    options: { engine: "js", autoPage: true },
    calls: `track("Made"); history.pushState({}, "", location.origin + "/?next");`,
    events: 2,
  },
  ...Object.entries(GLOBALS.declared).map(([name, head]) => ({ name, head })),
  {
    name: "a global navigation that cannot be read",
    head: `Object.defineProperty(window, "navigation", { get() { throw new Error("no"); } });`,
    options: { autoPage: true, declarative: true },
    calls: ROUTE_AND_CLICK,
    events: 3,
  },
  ...Object.entries(NAVIGATIONS).map(([what, value]) => ({
    name: `a global navigation that is ${what}`,
    head: `Object.defineProperty(window, "navigation", { value: ${value} });`,
    options: { autoPage: true, declarative: true },
    calls: ROUTE_AND_CLICK,
    events: 3,
  })),
];
