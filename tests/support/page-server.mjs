// @ts-check
// Serves a few files to a browser from an origin of its own.
import { createServer } from "node:http";
import { listen, shut } from "./local-server.mjs";

/** @type {Record<string, string>} */
const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
};

/**
 * Serves `files` on a free port of this machine.
 *
 * @param {Record<string, string | Uint8Array>} files by path, such as `/index.html`; any other
 *   path is answered with 404
 * @param {Record<string, string>} [headers] sent with every answer
 * @param {(request: import("node:http").IncomingMessage) => unknown} [onRequest] awaited before the
 *   answer
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function servePage(files, headers = {}, onRequest = () => {}) {
  const server = createServer(async (request, response) => {
    await onRequest(request);
    const { pathname } = new URL(request.url ?? "/", "http://any");
    const body = files[pathname];
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const ending = pathname.endsWith("/") ? "html" : pathname.split(".").pop();
    const type = TYPES[ending ?? ""];
    response.writeHead(200, {
      ...headers,
      ...(type && { "content-type": type }),
    });
    response.end(body);
  });
  const host = await listen(server);
  return {
    origin: `http://${host}`,
    close: () => shut(server),
  };
}
