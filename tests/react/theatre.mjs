// @ts-check
// Shows scenes in Chromium with one version of React, against the real gateway.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { eventually } from "../support/eventually.mjs";
import { startGateway } from "../support/gateway.mjs";
import { servePage } from "../support/page-server.mjs";
import { sceneFiles, sceneHtml } from "./react-version.mjs";

const SCENES = { stage: join(import.meta.dirname, "scenes", "stage.tsx") };

/** The parts of a test, set before each. */
export class Theatre {
  /** @type {import("playwright-core").Page} */
  page = /** @type {any} */ (undefined);
  /** @type {import("../support/gateway.mjs").Gateway} */
  gateway = /** @type {any} */ (undefined);
  /** @type {string[]} what was thrown into the page, and what it logged as a warning or an error */
  troubles = [];
  /** @type {string} */
  origin = /** @type {any} */ (undefined);
  /** Warnings that the test expects. @type {RegExp[]} */
  expected = [];

  /**
   * @param {string} scene
   * @param {string} [more] of the address
   */
  async open(scene, more = "") {
    const api = encodeURIComponent(`${this.gateway.host}/v1`);
    const path = more.includes("hydrate") ? scene : "shop";
    const query = `scene=${scene}&api=${api}${more}`;
    await this.page.goto(`${this.origin}/${path}.html?${query}`);
    await this.page.waitForFunction("window.stage");
  }

  /** Calls a function that a scene has put on `window`. @param {string} name @param {unknown} [value] */
  set(name, value) {
    return this.page.evaluate(
      ([name, value]) =>
        /** @type {any} */ (window).stage.set[/** @type {string} */ (name)](
          value,
        ),
      [name, value],
    );
  }

  /** @param {string} [name] @returns {Promise<any[]>} all stored events, once one of this name is there */
  async eventsUntil(name = "Done") {
    return eventually(
      async () => {
        const stored = await this.gateway.exportEvents();
        const events = stored.map(({ event }) => event);
        return events.some(({ event }) => event === name) && events;
      },
      { what: `the event ${name}` },
    );
  }

  /** Records a last event, and gives all that came before it. @returns {Promise<any[]>} */
  async done() {
    await this.page.evaluate("window.stage.track('Done')");
    return this.gateway.eventsBefore("Done");
  }
}

/** An event's label: its name, or its type with category and name. @param {any} event */
export function nameOf({ type, event, category, name }) {
  return type === "track"
    ? event
    : [type, category, name].filter(Boolean).join(" ");
}

/**
 * Sets up a file's tests: a browser and pages for all, a gateway and a page for each.
 *
 * @param {import("./react-version.mjs").Version} version
 * @param {object} [shown]
 * @param {Record<string, string>} [shown.scenes] the scripts, by name; each has a page of that name
 * @param {Promise<Record<string, string>>} [shown.rendered] what a server has rendered, by scene; a
 *   promise, as a file's `before` hooks do not wait for each other
 * @returns {Theatre}
 */
export function theatre(version, { scenes = SCENES, rendered } = {}) {
  const stage = new Theatre();
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof servePage>>} */
  let site;
  before(async () => {
    const files = await sceneFiles(version, scenes);
    for (const name of Object.keys(scenes)) {
      files[`/${name}.html`] = sceneHtml(`/scenes/${name}.js`);
    }
    files["/shop.html"] = sceneHtml("/scenes/stage.js");
    files["/next.html"] =
      '<!doctype html><title>Next</title><link rel="icon" href="data:,">';
    for (const [scene, html] of Object.entries((await rendered) ?? {})) {
      files[`/${scene}.html`] = sceneHtml("/scenes/stage.js", html);
    }
    site = await servePage(files);
    stage.origin = site.origin;
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    stage.gateway = await startGateway();
    stage.page = await (await browser.newContext()).newPage();
    stage.troubles = [];
    stage.expected = [/Download the React DevTools/];
    stage.page.on("pageerror", (error) => stage.troubles.push(String(error)));
    stage.page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) {
        stage.troubles.push(message.text());
      }
    });
  });
  afterEach(async () => {
    await stage.page.context().close();
    await stage.gateway.stop();
    const surprising = stage.troubles.filter(
      (text) => !stage.expected.some((pattern) => pattern.test(text)),
    );
    assert.deepEqual(surprising, [], "errors and warnings of the page");
  });
  return stage;
}
