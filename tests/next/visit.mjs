// @ts-check
// A visitor of a Next.js app, and the events stored of them.
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.mjs";

/** A visit in a page of its own. */
export class Visit {
  /** @type {string[]} */
  #troubles = [];

  /**
   * @param {import("playwright-core").Page} page
   * @param {import("../support/gateway.mjs").Gateway} gateway
   * @param {string} origin the app's
   */
  constructor(page, gateway, origin) {
    this.page = page;
    this.gateway = gateway;
    this.origin = origin;
    page.on("pageerror", (error) => this.#troubles.push(String(error)));
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) {
        this.#troubles.push(message.text());
      }
    });
  }

  /** All stored events. @returns {Promise<any[]>} */
  async events() {
    const stored = await this.gateway.exportEvents();
    return stored.map(({ event }) => event);
  }

  /** Waits for an event. @param {(event: any) => boolean} is @param {string} what */
  async told(is, what) {
    await eventually(async () => (await this.events()).some(is), { what });
  }

  /** Waits for the view of a page. @param {string} path @param {string} from path, or empty */
  async viewed(path, from) {
    const referrer = from && this.origin + from;
    await this.told(
      ({ type, properties }) =>
        type === "page" &&
        properties.path === path &&
        properties.referrer === referrer,
      `a view of ${path} from ${from}`,
    );
  }

  /** The page views: their paths and titles. */
  async views() {
    const events = await this.events();
    const pages = events.filter(({ type }) => type === "page");
    return pages.map(({ properties }) => [properties.path, properties.title]);
  }

  /** Checks that nothing was thrown or logged. */
  expectNoTrouble() {
    assert.deepEqual(this.#troubles, [], "errors and warnings of the page");
  }
}
