// @ts-check
// A shop and its gateway as hosts of one registrable domain, over TLS: https://t.example.test passes
// requests on to a real gateway, each other host of example.test serves the shop's pages.
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:https";
import { launchChromium } from "../support/chromium.mjs";
import { listen, shut } from "../support/local-server.mjs";
import { selfSigned } from "../conformance/certificate.mjs";

/** The origin of the pages. */
export const SHOP = "https://shop.example.test";
/** The origin of the gateway. */
export const GATEWAY = "https://t.example.test";

/** @type {Record<string, string>} */
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

export class ShopWorld {
  /** The address that serves the gateway's host, `host:port`. */
  gateway = "";
  /** Paths and bodies of the requests to the gateway. @type {{ path: string, body: string }[]} */
  asked = [];
  /** Awaited before a response of the gateway is passed on. @type {Promise<unknown>} */
  held = Promise.resolve();
  #server = createServer(selfSigned(), (incoming, outgoing) => {
    this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  /** @type {import("playwright-core").Browser | undefined} */
  #browser;

  /** @param {Record<string, string | Uint8Array>} files of the shop by path, besides its page `/` */
  constructor(files) {
    this.files = files;
  }

  /** Listens, and starts a browser that finds both hosts here. */
  async open() {
    const rule = `MAP *.example.test ${await listen(this.#server)}`;
    this.#browser = await launchChromium({
      args: [`--host-resolver-rules=${rule}`, "--ignore-certificate-errors"],
    });
    return this.#browser;
  }

  async close() {
    await this.#browser?.close();
    await shut(this.#server);
  }

  /**
   * @param {import("node:http").IncomingMessage} incoming
   * @param {import("node:http").ServerResponse} outgoing
   */
  async #answer(incoming, outgoing) {
    const { host = "", ...headers } = incoming.headers;
    const path = incoming.url ?? "/";
    if (`https://${host}` !== GATEWAY) {
      const file = this.files[path];
      const type = TYPES[path.split(".").pop() ?? ""] ?? "text/html";
      outgoing.writeHead(file || path === "/" ? 200 : 404, {
        "content-type": type,
      });
      outgoing.end(file ?? "<!doctype html><title>Shop</title>");
      return;
    }
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts);
    this.asked.push({ path, body: body.toString() });
    const passed = request(`http://${this.gateway}${path}`, {
      method: incoming.method,
      headers: { ...headers, host },
    });
    passed.end(body);
    const [answer] = await once(passed, "response");
    if (path === "/v1/identity") await this.held;
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  }
}
