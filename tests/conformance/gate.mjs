// @ts-check
// A browser context's proxy: every host name leads to the world behind it, and concurrent runs
// cannot meet.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { listen, shut } from "../support/local-server.mjs";
import { selfSigned } from "./certificate.mjs";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

const CREDENTIALS = selfSigned();

export class Gate {
  /** @type {import("./server.mjs").World | undefined} what answers now */
  world;
  /** @type {Set<import("node:stream").Duplex>} */
  #tunnels = new Set();
  #take = (
    /** @type {IncomingMessage} */ request,
    /** @type {ServerResponse} */ response,
  ) => void (this.world?.take(request, response) ?? response.destroy());
  #plain = createServer(this.#take);
  #secure = createSecureServer(CREDENTIALS, this.#take);

  constructor() {
    this.#plain.on("connect", (_request, socket) => {
      this.#tunnels.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#tunnels.delete(socket));
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      this.#secure.emit("connection", socket);
    });
  }

  /** Starts to listen. @returns {Promise<string>} the proxy's address */
  async open() {
    return `http://${await listen(this.#plain)}`;
  }

  /** Cuts every connection, and answers no request until there is another world. */
  cut() {
    this.world = undefined;
    for (const tunnel of this.#tunnels) tunnel.destroy();
    this.#plain.closeAllConnections();
  }

  async close() {
    this.cut();
    await shut(this.#plain);
  }
}
