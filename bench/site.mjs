// @ts-check
// The shop's own server: the page of one library, compressed as a shop's host would.
import { createServer } from "node:http";
import { brotliCompressSync, constants } from "node:zlib";
import { listen, shut } from "../tests/support/local-server.mjs";
import { nowMs } from "./collector.mjs";

/** @type {Record<string, string>} */
const TYPES = {
  js: "text/javascript",
  wasm: "application/wasm",
  html: "text/html; charset=utf-8",
};

/** Isolates the page, whose clock then ticks in 5 µs instead of 100 µs. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

/** Files that were compressed: a run serves the same ones many times. @type {WeakMap<Buffer, Buffer>} */
const known = new WeakMap();

/** @param {Buffer} raw */
function compressed(raw) {
  let small = known.get(raw);
  if (!small) {
    small = brotliCompressSync(raw, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
    });
    known.set(raw, small);
  }
  return small;
}

/** @typedef {Awaited<ReturnType<typeof startSite>>} Site */

/**
 * Serves a library's page under every path that is not a file.
 *
 * @param {Map<string, Buffer>} files
 * @param {string} collectorHost
 */
export async function startSite(files, collectorHost) {
  const packed = new Map(
    [...files].map(([path, raw]) => [path, { raw, br: compressed(raw) }]),
  );
  const page = String(files.get("/page.html"));
  const site = {
    /** @param {string} _path */
    url: (_path) => "",
    /** Code that runs when the library has been started. */
    started: "",
    /** Files sent so far, with the bytes of their bodies on the wire and in the page. @type {{ path: string, bytes: number, rawBytes: number, atMs: number }[]} */
    sent: [],
    close: async () => {},
  };
  const server = createServer((request, response) => {
    const { pathname: path } = new URL(request.url ?? "/", "http://any");
    const file = packed.get(path);
    const isFile = file !== undefined;
    if (path === "/favicon.ico") return void response.writeHead(404).end();
    const setup = `collectorHost="${collectorHost}";started=()=>{${site.started}}`;
    const html = page.replace("/* setup */", () => setup);
    const body = file?.br ?? Buffer.from(html);
    if (file) {
      const bytes = file.br.length;
      const rawBytes = file.raw.length;
      site.sent.push({ path, bytes, rawBytes, atMs: nowMs() });
    }
    response.writeHead(200, {
      ...ISOLATION,
      "content-type": TYPES[path.split(".").pop() ?? ""] ?? TYPES.html,
      "cache-control": isFile ? "max-age=31536000, immutable" : "no-store",
      ...(isFile && { "content-encoding": "br" }),
    });
    response.end(body);
  });
  server.keepAliveTimeout = 120_000;
  const host = await listen(server);
  site.url = (path) => `http://${host}${path}`;
  site.close = () => shut(server);
  return site;
}
