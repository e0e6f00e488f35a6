// @ts-check
// Serves pages that report to the test, and wait for its permission to go on.
import { createServer } from "node:http";
import { listen, shut } from "../support/local-server.mjs";

/** @type {Record<string, string>} */
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** In the page: reports something to the test, and waits until the test lets it go on. */
export const TOLD = `
  const tell = (what, value = null) => fetch("/told/" + what, {
    method: "POST", body: JSON.stringify(value), keepalive: true });
  const word = (name) => fetch("/word/" + name);`;

export class ToldServer {
  /** @type {Map<string, { promise: Promise<any>, settle: (value: any) => void }>} */
  #news = new Map();
  #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  origin = "";

  /** @param {Record<string, string | Uint8Array>} files by path */
  constructor(files) {
    this.files = files;
  }

  async open() {
    this.origin = `http://${await listen(this.#server)}`;
  }

  async close() {
    await shut(this.#server);
  }

  /** @param {string} name */
  #item(name) {
    const known = this.#news.get(name);
    if (known) return known;
    /** @type {(value: any) => void} */
    let settle = () => {};
    const promise = new Promise((done) => (settle = done));
    const made = { promise, settle };
    this.#news.set(name, made);
    return made;
  }

  /** A page's report of this name, once it is there. @param {string} name @returns {Promise<any>} */
  told(name) {
    return this.#item(`told/${name}`).promise;
  }

  /** Lets the pages go on that wait for this name. @param {string} name */
  say(name) {
    this.#item(`word/${name}`).settle(null);
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname } = new URL(request.url ?? "/", this.origin);
    const name = pathname.slice(1);
    if (name.startsWith("told/")) {
      let body = "";
      for await (const part of request) body += part;
      this.#item(name).settle(JSON.parse(body));
    } else if (name.startsWith("word/")) {
      await this.#item(name).promise;
    } else {
      const file = this.files[pathname];
      const ending = pathname.split(".").pop() ?? "";
      const type = TYPES[ending] ?? "text/html; charset=utf-8";
      response.writeHead(file === undefined ? 404 : 200, {
        "content-type": type,
      });
      response.end(file);
      return;
    }
    response.writeHead(200).end();
  }
}
