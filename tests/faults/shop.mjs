// @ts-check
// A shop on an origin of its own, whose pages load the built package.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { listen, shut } from "../support/local-server.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { TELL_TROUBLE, troubleIn } from "../support/trouble.mjs";

/**
 * The HTML of every page: `analytics` is loading when the document's script has run.
 *
 * @param {string} host the gateway's `host:port`
 * @param {string} path the page's
 * @param {object} shop
 * @param {object} shop.options more options of `load`
 * @param {string} shop.head code that runs before all other
 * @param {string} shop.script code of the task of `load`
 * @param {(path: string) => string} shop.folder
 */
function html(host, path, { options, head, script, folder }) {
  const load = {
    integrations: { "Segment.io": { apiHost: `${host}/v1`, protocol: "http" } },
    ...(process.env.WAYMARK_ENGINE === "js" && { engine: "js" }),
    ...options,
  };
  const first = `<script>${TELL_TROUBLE}</script><script>${head}</script>`;
  return `<!doctype html><title>Shop</title>${first}<script type="module">
    import { AnalyticsBrowser } from "${folder(path)}/waymark/index.js";
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
    /** A script that runs in every page before all others. */
    head: "",
    /** The folder from which the page of a path has the package. @param {string} _path */
    folder: (_path) => "",
    /** Errors thrown into a page. @type {string[]} */
    troubles: [],
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
    shop.troubles.push(...troubleIn(request));
    const at = path.indexOf("/waymark/");
    const file = files[path.slice(Math.max(at, 0))];
    const fault = shop.fault(path);
    const { status = 200, delayMs = file ? 0 : shop.delayMs } = fault;
    if (delayMs > 0) await pause(delayMs);
    const type = file ? TYPES[path.split(".").pop() ?? ""] : "text/html";
    response.writeHead(status, {
      "content-type": type ?? "application/octet-stream",
      "access-control-allow-origin": "*", // A sandboxed frame has no origin.
    });
    response.end(
      status === 200 ? (fault.body ?? file ?? html(host, path, shop)) : "",
    );
  });
  const address = await listen(server);
  shop.url = (path) => `http://${address}${path}`;
  shop.close = () => shut(server);
  return shop;
}
