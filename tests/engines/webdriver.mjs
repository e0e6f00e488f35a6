// @ts-check
// A browser driven over WebDriver, as playwright drives only builds of its own of the other engines.
import { eventually } from "../support/eventually.mjs";

/** The key under which WebDriver passes elements. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Finds the element that a visitor knows by this name; runs in the page. */
const FIND = `
  const [kind, name] = arguments;
  const text = (it) => it.textContent.trim().replace(/\\s+/g, " ");
  const all = (selector) => [...document.querySelectorAll(selector)]
    .filter((it) => it.getClientRects().length > 0 || it.type === "radio");
  if (kind === "button") return all("button, input[type=submit]").find((it) =>
    [it.getAttribute("aria-label"), it.value, text(it)].includes(name));
  if (kind === "link") return all("a[href]").find((it) => text(it).includes(name));
  if (kind === "heading") return all("h1, h2").find((it) => text(it).includes(name));
  return all("input, select, textarea").find((it) =>
    it.getAttribute("aria-label") === name ||
    [...it.labels].some((label) => text(label).startsWith(name)));
`;

/** A browser with an empty profile and one tab. */
export class Browser {
  #end;
  #base;

  /**
   * @param {string} base the address of its driver
   * @param {() => Promise<void>} end ends the driver
   */
  constructor(base, end) {
    this.#base = base;
    this.#end = end;
  }

  /** Its name and version, as the driver tells. */
  version = "";
  /** The process that has the browser's as its descendants. @type {number | undefined} */
  driverPid;

  /**
   * Opens a session; {@link close} it when done.
   *
   * @param {string} base the driver's address
   * @param {() => Promise<void>} end ends the driver
   * @param {object} capabilities
   */
  static async open(base, end, capabilities) {
    const browser = new Browser(base, end);
    const asked = { capabilities: { alwaysMatch: capabilities } };
    const session = await browser
      .ask("POST", "/session", asked)
      .catch(async (error) => {
        await end();
        throw error;
      });
    const { browserName, browserVersion } = session.capabilities;
    browser.version = `${browserName} ${browserVersion}`;
    browser.#base = `${base}/session/${session.sessionId}`;
    return browser;
  }

  /**
   * A command of WebDriver.
   *
   * @param {string} method
   * @param {string} path below the session's
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  }

  /** @param {string} url */
  async goto(url) {
    await this.ask("POST", "/url", { url });
  }

  async reload() {
    await this.ask("POST", "/refresh", {});
  }

  /**
   * Runs the body of a function in the page.
   *
   * @param {string} script
   * @param {...unknown} args
   */
  evaluate(script, ...args) {
    return this.ask("POST", "/execute/sync", { script, args });
  }

  /**
   * Waits for the element of this name.
   *
   * @param {"button" | "link" | "heading" | "field"} kind
   * @param {string} name
   * @returns {Promise<Record<string, string>>} the element as WebDriver passes it
   */
  find(kind, name) {
    return eventually(() => this.evaluate(FIND, kind, name), {
      what: `the ${kind} "${name}"`,
    });
  }

  /** @param {Record<string, string>} element @param {string} command @param {object} [body] */
  #tell(element, command, body = {}) {
    return this.ask("POST", `/element/${element[ELEMENT]}/${command}`, body);
  }

  /**
   * Clicks the element of this name, which may be rendered again meanwhile.
   *
   * @param {"button" | "link" | "field"} kind
   * @param {string} name
   */
  async click(kind, name) {
    await eventually(
      async () => {
        const element = await this.find(kind, name);
        // WebKit's driver clicks where the element is not yet if the page scrolls smoothly.
        await this.evaluate(
          `arguments[0].scrollIntoView({ block: "center", behavior: "instant" })`,
          element,
        );
        await this.#tell(element, "click");
        return true;
      },
      { what: `a click on the ${kind} "${name}"` },
    );
  }

  /** Clicks the element of a CSS selector. @param {string} selector */
  async clickOn(selector) {
    const using = { using: "css selector", value: selector };
    await this.#tell(await this.ask("POST", "/element", using), "click");
  }

  /** Puts text into a field. @param {string} label @param {string} text */
  async fill(label, text) {
    const field = await this.find("field", label);
    await this.#tell(field, "clear");
    await this.#tell(field, "value", { text });
  }

  /** Ends the browser and its driver. */
  async close() {
    try {
      await this.ask("DELETE", "", undefined);
    } finally {
      await this.#end();
    }
  }
}
