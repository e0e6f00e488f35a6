// @ts-check
// Servers for tests and benchmarks, on a free port of this machine.
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Listens on a free port of the loopback.
 *
 * @param {import("node:http").Server} server
 * @returns {Promise<string>} `host:port`
 */
export async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { address, port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  return `${address}:${port}`;
}

/**
 * Ends every connection and waits until the server is closed.
 *
 * @param {import("node:http").Server} server
 */
export async function shut(server) {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

/** @returns {Promise<number>} a port of this machine that is free now */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    server.address()
  );
  server.close();
  await once(server, "close");
  return port;
}
