// @ts-check
// Opens a row's page, with the package beside it, and gives what the gateway stored.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { isChromium, launchBrowser } from "../support/browser.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import { TELL_TROUBLE, troubleIn } from "../support/trouble.mjs";
import { CALLS, CALLS_EVENTS } from "./row.mjs";

/** @typedef {import("./row.mjs").Row} Row */
/** @typedef {"script tag" | "modules"} Build how a page loads the package */

/** @type {readonly Build[]} */
export const BUILDS = ["script tag", "modules"];

/** How many sources the gateway has: one for each page, so that no events mix. */
const SOURCES_MAX = 1000;

/** What a page asks of other hosts when it shows the row's own markup. */
const OF_MARKUP = new Set(["image", "media", "font", "stylesheet"]);

const MESSAGE_ID =
  /^ajs-next-\d{13}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A browser and a gateway for all pages of a file. */
class Pages {
  /** @type {import("../support/browser.mjs").TestBrowser} */
  browser = /** @type {any} */ (undefined);
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  gateway = /** @type {any} */ (undefined);
  /** @type {Record<string, Uint8Array>} */
  files = {};
  #opened = 0;
  /** The clean pages' events, by what was called. @type {Map<string, Promise<any[]>>} */
  #clean = new Map();

  /**
   * The events of a clean page with the row's calls and options.
   *
   * @param {Row} row
   * @param {Build} build
   */
  clean(row, build) {
    const { options, events, calls, cleanCalls = calls } = row;
    const key = JSON.stringify([build, options, cleanCalls]);
    let known = this.#clean.get(key);
    if (!known) {
      const clean = { name: "clean", options, events, calls: cleanCalls };
      known = this.stored(clean, build);
      this.#clean.set(key, known);
    }
    return known;
  }

  /**
   * Opens the row's page, and gives its events as they are stored, without their ids and times,
   * which are checked.
   *
   * @param {Row} row
   * @param {Build} build
   * @returns {Promise<any[]>}
   */
  async stored(row, build) {
    const source = `s${this.#opened++}`;
    /** @type {Record<string, string | Uint8Array>} */
    const files = { ...this.files };
    /** @type {string[]} */
    const troubles = [];
    const site = await servePage(files, row.headers, (request) => {
      troubles.push(...troubleIn(request));
    });
    files["/"] = this.#html(row, build, site.origin, `${source}-browser-key`);
    const context = await this.browser.newContext();
    if (isChromium) {
      const known = [new URL(site.origin).host, this.gateway.host];
      watch(/** @type {any} */ (context), known, troubles);
    }
    try {
      const page = await context.newPage();
      // A driver would ask the page whether it is loaded, which may be another's document by now.
      await page.goto(
        `${site.origin}/`,
        isChromium ? {} : { waitUntil: "commit" },
      );
      const count = row.events ?? CALLS_EVENTS;
      const stored = await this.gateway
        .waitForEvents(count, source)
        .catch((cause) => {
          throw new Error(troubles.join("\n") || cause.message, { cause });
        });
      assert.deepEqual(troubles, []);
      assert.equal(stored.length, count, "each event is stored once");
      return stored.map(({ event }) => plain(event, site.origin));
    } finally {
      await context.close();
      await site.close();
    }
  }

  /**
   * @param {Row} row
   * @param {Build} build
   * @param {string} origin of the page: a row may have a `base`
   * @param {string} writeKey
   */
  #html(row, build, origin, writeKey) {
    const options = JSON.stringify({
      integrations: {
        "Segment.io": { apiHost: `${this.gateway.host}/v1`, protocol: "http" },
      },
      ...(process.env.WAYMARK_ENGINE === "js" && { engine: "js" }),
      ...row.options,
    });
    const load = `analytics.load({ writeKey: "${writeKey}" }, ${options});
      globalThis.track = (name, properties) => analytics.track(name, properties);
      ${row.calls ?? CALLS}`;
    const script =
      build === "modules"
        ? `<script type="module">
            import { AnalyticsBrowser } from "${origin}/waymark/index.js";
            globalThis.analytics = new AnalyticsBrowser();
            ${load}
          </script>`
        : `<script src="${origin}/waymark/waymark.iife.js"></script><script>${load}</script>`;
    const head = row.head ? `<script>${row.head}</script>` : "";
    const first = isChromium ? "" : `<script>${TELL_TROUBLE}</script>`;
    return `<!doctype html><meta charset="utf-8"><title>Shop</title>${first}${row.html ?? ""}${head}${script}`;
  }
}

/**
 * Notes errors thrown into a page, and requests to other hosts.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @param {readonly string[]} known hosts
 * @param {string[]} troubles
 */
function watch(context, known, troubles) {
  context.on("weberror", (error) => troubles.push(String(error.error())));
  context.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (OF_MARKUP.has(request.resourceType()) || known.includes(host)) return;
    if (protocol === "data:" || protocol === "blob:") return;
    troubles.push(`a request to ${request.url()}`);
  });
}

/**
 * An event without what differs from page to page: ids, times, and the page's own origin.
 *
 * @param {any} event
 * @param {string} origin
 */
function plain(event, origin) {
  const {
    messageId,
    anonymousId,
    timestamp,
    sentAt,
    originalTimestamp,
    receivedAt,
    writeKey,
    ...rest
  } = event;
  assert.match(messageId, MESSAGE_ID);
  assert.match(anonymousId, UUID);
  assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 600_000, timestamp);
  return JSON.parse(JSON.stringify(rest).replaceAll(origin, "<origin>"));
}

/** Sets up browser and gateway for the tests of a file. */
export function setPages() {
  const pages = new Pages();
  before(async () => {
    pages.files = await packageFiles();
    pages.browser = await launchBrowser();
    const sources = Array.from({ length: SOURCES_MAX }, (_, n) => ({
      name: `s${n}`,
      allowedOrigins: ["*"],
      keys: [
        { key: `s${n}-browser-key`, kind: /** @type {const} */ ("browser") },
      ],
    }));
    pages.gateway = await startGateway({ sources });
  });
  after(async () => {
    await pages.browser?.close();
    await pages.gateway?.stop();
  });
  return pages;
}
