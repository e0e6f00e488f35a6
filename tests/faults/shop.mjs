// @ts-check
// A shop on an origin of its own, whose pages load the built package.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { listen, shut } from "../support/local-server.mjs";
import { packageFiles } from "../support/package-files.mjs";

/**
 * The HTML of every page: `analytics` is loading when the document's script has run.
 *
 * @param {string} host the gateway's `host:port`
 * @param {object} [options] more options of `load`
 * @param {string} [script] code of the task of `load`
 */
function html(host, options = {}, script = "") {
  const load = {
    integrations: { "Segment.io": { apiHost: `${host}/v1`, protocol: "http" } },
    ...(process.env.WAYMARK_ENGINE === "js" && { engine: "js" }),
    ...options,
  };
  return `<!doctype html><title>Shop</title><script type="module">
    import { AnalyticsBrowser } from "/waymark/index.js";
    globalThis.analytics = AnalyticsBrowser.load(
      { writeKey: "demo-browser-key" }, ${JSON.stringify(load)});
    ${script}
  </script>`;
}

/** @type {Record<string, string>} */
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** Read once, so that a build during the run does not change it. @type {ReturnType<typeof packageFiles> | undefined} */
let packaged;

/**
 * Starts the shop.
 *
 * @param {string} host the gateway's `host:port`
 * @param {object} [options] more options of `load`
 */
export async function startShop(host, options = {}) {
  const files = await (packaged ??= packageFiles());
  const shop = {
    /** More options of `load`. @type {object} */
    options,
    /** Code of the task of `load`, in every page. */
    script: "",
    /** Milliseconds before a document is answered. */
    delayMs: 0,
    /** A file's response: its status, its delay in milliseconds, or its body. @type {(path: string) => { status?: number, delayMs?: number, body?: Uint8Array }} */
    fault: () => ({}),
    /** @param {string} _path */
    url: (_path) => "",
    close: async () => {},
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://any").pathname;
    const file = /** @type {Record<string, string | Uint8Array>} */ (files)[
      path
    ];
    const fault = shop.fault(path);
    const { status = 200, delayMs = file ? 0 : shop.delayMs } = fault;
    if (delayMs > 0) await pause(delayMs);
    const type = file ? TYPES[path.split(".").pop() ?? ""] : "text/html";
    response.writeHead(status, {
      "content-type": type ?? "application/octet-stream",
      "access-control-allow-origin": "*", // A sandboxed frame has no origin.
    });
    response.end(
      status === 200
        ? (fault.body ?? file ?? html(host, shop.options, shop.script))
        : "",
    );
  });
  const address = await listen(server);
  shop.url = (path) => `http://${address}${path}`;
  shop.close = () => shut(server);
  return shop;
}
