// @ts-check
// The world of one page: its shop, Segment's CDN and Segment's API.
import { setTimeout as pause } from "node:timers/promises";
import { storedEvents } from "./stored-events.mjs";

/**
 * @typedef {object} Answer how a request is answered
 * @property {number} [status] 200 by default
 * @property {Record<string, string>} [headers]
 * @property {unknown} [json] body
 * @property {string | Uint8Array} [body]
 * @property {number} [delayMs] latency before the answer
 * @property {boolean} [hang] never answered
 * @property {boolean} [destroy] the connection is cut instead
 * @property {boolean} [ingest] the events are stored whatever the answer
 *
 * @typedef {object} Seen a request as it came
 * @property {string} method
 * @property {string} host
 * @property {string} path with its query
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} atMs when it came
 * @property {boolean} open not answered yet
 * @property {number} [status] of the answer
 *
 * @typedef {object} Play what the servers do in a scenario
 * @property {Answer | ((seen: Seen, n: number) => Answer)} [settings] of the CDN
 * @property {(seen: Seen, n: number) => Answer | undefined} [api] answers the n-th (from 0) POST
 * @property {Answer} [preflight] of the API
 * @property {Record<string, Answer>} [pages] by path, or by host and path
 * @property {string[]} [apiHosts] more hosts that speak the API
 */

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization, content-type",
  "access-control-allow-methods": "POST",
  "access-control-expose-headers": "retry-after",
  // Otherwise Chromium keeps the answer for five seconds, into the next scenario.
  "access-control-max-age": "0",
};
/** @type {Record<string, string>} */
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

const HTML = { "content-type": "text/html; charset=utf-8" };

/** Path of an empty page on every host. */
export const BLANK = "/blank";

/**
 * The answer of Segment's CDN for a source without destinations, with metrics switched off.
 *
 * @param {string} path of the request, which names the write key
 */
const cdnSettings = (path) => ({
  integrations: {
    "Segment.io": {
      apiKey: /^\/v1\/projects\/([^/]*)/.exec(path)?.[1],
      addBundledMetadata: true,
    },
  },
  metrics: { sampleRate: 0 },
});

/** @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

export class World {
  /** @type {Seen[]} every request, in order of arrival */
  requests = [];
  /** @type {import("./stored-events.mjs").Stored[]} every copy of an event that was taken */
  received = [];
  #counts = { api: 0, settings: 0 };

  /**
   * @param {Play} play
   * @param {Record<string, string | Uint8Array>} files served under every host of a shop
   * @param {string} html of every page that has no answer of its own
   */
  constructor(play, files, html) {
    this.play = play;
    this.files = files;
    this.html = html;
  }

  /** The events of a server that drops repeats: the first copy of each. */
  get events() {
    const seen = new Set();
    return this.received.filter(({ event }) => {
      const repeated = seen.has(event.messageId);
      seen.add(event.messageId);
      return !repeated;
    });
  }

  /** Whether every request to the API is answered. */
  get idle() {
    return !this.requests.some(({ open, host }) => open && this.#isApi(host));
  }

  /** @param {string} host */
  #isApi(host) {
    const more = this.play.apiHosts ?? [];
    return host === "api.segment.io" || more.includes(host);
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async take(request, response) {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    /** @type {Seen} */
    const seen = {
      method: request.method ?? "",
      host: url.hostname,
      path: url.pathname + url.search,
      headers: request.headers,
      body: "",
      atMs: Date.now(),
      open: true,
    };
    this.requests.push(seen);
    response.on("close", () => (seen.open = false));
    try {
      seen.body = await bodyOf(request);
      await this.#answer(seen, this.#choose(seen, url), response);
    } catch {
      response.destroy();
    }
  }

  /** @param {Seen} seen @param {URL} url @returns {Answer} */
  #choose(seen, url) {
    const { play } = this;
    if (
      url.hostname === "cdn.segment.com" ||
      /^\/v1\/projects\//.test(url.pathname)
    ) {
      const { settings = {} } = play;
      const n = this.#counts.settings++;
      const answer =
        typeof settings === "function" ? settings(seen, n) : settings;
      return {
        json: cdnSettings(seen.path),
        ...answer,
        headers: { ...CORS, ...answer.headers },
      };
    }
    if (this.#isApi(url.hostname)) return this.#chooseApi(seen);
    const file = this.files[url.pathname];
    if (file !== undefined) {
      const type = TYPES[url.pathname.split(".").pop() ?? ""];
      const headers = {
        "cache-control": "max-age=3600",
        "content-type": type ?? "text/plain",
      };
      return { body: file, headers };
    }
    if (url.pathname === BLANK) return { body: "", headers: HTML };
    const page =
      play.pages?.[url.hostname + url.pathname] ?? play.pages?.[url.pathname];
    const headers = { ...HTML, ...page?.headers };
    return { body: this.html, ...page, headers };
  }

  /** @param {Seen} seen @returns {Answer} */
  #chooseApi(seen) {
    if (seen.method === "OPTIONS") {
      return { status: 204, body: "", ...this.play.preflight, headers: CORS };
    }
    const isEvents = !/\/m$/.test(seen.path);
    const answer =
      (isEvents && this.play.api?.(seen, this.#counts.api++)) || {};
    const { status = 200, hang, destroy } = answer;
    const taken = answer.ingest ?? (status < 300 && !hang && !destroy);
    if (isEvents && taken) this.received.push(...storedEvents(seen));
    const headers = { ...CORS, ...answer.headers };
    return { json: { success: status < 300 }, ...answer, headers };
  }

  /**
   * @param {Seen} seen
   * @param {Answer} answer
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(seen, answer, response) {
    const {
      status = 200,
      headers,
      json,
      body,
      delayMs,
      hang,
      destroy,
    } = answer;
    if (delayMs) await pause(delayMs);
    if (hang) return;
    seen.status = status;
    if (destroy) {
      response.destroy();
      return;
    }
    response.writeHead(status, headers);
    response.end(status === 204 ? undefined : (body ?? JSON.stringify(json)));
  }
}
