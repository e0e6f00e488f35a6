// @ts-check
// Stock Firefox, driven by geckodriver over WebDriver, as playwright drives only its own build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "../support/eventually.mjs";
import { ROOT } from "../support/program.mjs";

/** The key under which WebDriver passes elements. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const OWN_DRIVER = join(ROOT, ".tools", "bin", "geckodriver");

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
export class Firefox {
  #driver;
  #base;

  /** @param {import("node:child_process").ChildProcess} driver @param {string} base */
  constructor(driver, base) {
    this.#driver = driver;
    this.#base = base;
  }

  /** Starts it; {@link close} it when done. */
  static async launch() {
    const program = existsSync(OWN_DRIVER) ? OWN_DRIVER : "geckodriver";
    const driver = spawn(program, ["--port", "0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    /** @type {string} */
    const origin = await new Promise((done, fail) => {
      driver.once("error", fail);
      driver.once("close", (code) => fail(new Error(`it ended with ${code}`)));
      createInterface({ input: driver.stdout }).on("line", (line) => {
        const [, host] = /Listening on (\S+)/.exec(line) ?? [];
        if (host) done(`http://${host}`);
      });
    });
    const browser = new Firefox(driver, origin);
    const binary = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) =>
      existsSync(path),
    );
    const capabilities = {
      alwaysMatch: { "moz:firefoxOptions": { args: ["-headless"], binary } },
    };
    const { sessionId } = await browser
      .#ask("POST", "/session", { capabilities })
      .catch((error) => {
        driver.kill("SIGTERM");
        throw error;
      });
    browser.#base = `${origin}/session/${sessionId}`;
    return browser;
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async #ask(method, path, body) {
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
    await this.#ask("POST", "/url", { url });
  }

  async reload() {
    await this.#ask("POST", "/refresh", {});
  }

  /**
   * Runs the body of a function in the page.
   *
   * @param {string} script
   * @param {...unknown} args
   */
  evaluate(script, ...args) {
    return this.#ask("POST", "/execute/sync", { script, args });
  }

  /**
   * Waits for the element of this name.
   *
   * @param {"button" | "link" | "heading" | "field"} kind
   * @param {string} name
   * @returns {Promise<string>} the path of the element's commands
   */
  async find(kind, name) {
    const found = await eventually(() => this.evaluate(FIND, kind, name), {
      what: `the ${kind} "${name}"`,
    });
    return `/element/${found[ELEMENT]}`;
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
        await this.#ask("POST", `${await this.find(kind, name)}/click`, {});
        return true;
      },
      { what: `a click on the ${kind} "${name}"` },
    );
  }

  /** Puts text into a field. @param {string} label @param {string} text */
  async fill(label, text) {
    const field = await this.find("field", label);
    await this.#ask("POST", `${field}/clear`, {});
    await this.#ask("POST", `${field}/value`, { text });
  }

  /** Ends the browser and its driver. */
  async close() {
    await this.#ask("DELETE", "", undefined);
    const ended = once(this.#driver, "close");
    this.#driver.kill("SIGTERM");
    await ended;
  }
}
