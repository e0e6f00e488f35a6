// @ts-check
// A server that takes the events of every library and fails on request. With a gateway it forwards
// Waymark's events there, because the gateway is what drops repeats.
import { once } from "node:events";
import { createServer, request as open } from "node:http";
import { listen, shut } from "../tests/support/local-server.mjs";
import { answerTo, eventsOf } from "./wire.mjs";

/**
 * The fate of a request with events: `pass` takes and answers it, `lose-answer` takes it and cuts
 * the connection, `reset` only cuts the connection; an object is the answer, with nothing taken.
 *
 * @typedef {"pass" | "lose-answer" | "reset" | { status: number,
 *   headers?: Record<string, string> }} Fate
 */

/** @typedef {import("./wire.mjs").Sent & { atMs: number }} Taken an event, and when it came */

/**
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path
 * @property {number} bytes of the answer
 * @property {number} atMs when it came
 * @property {number} events in it
 */

/** @typedef {Awaited<ReturnType<typeof startCollector>>} Collector */

/** Milliseconds since the epoch, with fractions. */
export const nowMs = () => performance.timeOrigin + performance.now();

/** @param {import("node:http").IncomingMessage} message */
async function bodyOf(message) {
  /** @type {Buffer[]} */
  const chunks = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    return Buffer.alloc(0); // The browser was killed while it sent.
  }
  return Buffer.concat(chunks);
}

/** @param {import("node:http").IncomingMessage} request */
const corsHeaders = ({ headers }) => ({
  "access-control-allow-origin": headers.origin ?? "*",
  "access-control-allow-credentials": "true",
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers":
    headers["access-control-request-headers"] ?? "*",
  "access-control-expose-headers": "retry-after",
  "access-control-max-age": "600",
  "cross-origin-resource-policy": "cross-origin",
});

/**
 * @param {string} host
 * @param {import("node:http").IncomingMessage} request
 * @param {Buffer} body
 */
async function forward(host, { method, url, headers }, body) {
  const passed = open(`http://${host}${url}`, { method, headers });
  passed.end(body);
  const [answer] = /** @type {[import("node:http").IncomingMessage]} */ (
    await once(passed, "response")
  );
  return {
    status: answer.statusCode ?? 500,
    headers: answer.headers,
    body: await bodyOf(answer),
  };
}

/**
 * Starts a collector.
 *
 * @param {string} [gatewayHost] `host:port` of a gateway, which then answers
 */
export async function startCollector(gatewayHost) {
  const collector = {
    /** Its `host:port`. */
    host: "",
    /** Events taken so far, repeats included. @type {Taken[]} */
    taken: [],
    /** @type {Request[]} so far */
    requests: [],
    /** The fate of the n-th request with events, from 1. @type {(n: number) => Fate} */
    fate: () => /** @type {Fate} */ ("pass"),
    close: async () => {},
  };
  let asked = 0;
  const server = createServer(async (request, response) => {
    const atMs = nowMs();
    const path = new URL(request.url ?? "/", "http://any").pathname;
    const cors = corsHeaders(request);
    const note = { method: request.method ?? "", path, bytes: 0, atMs };
    const seen = { ...note, events: 0 };
    collector.requests.push(seen);
    if (request.method === "OPTIONS")
      return response.writeHead(204, cors).end();
    const body = await bodyOf(request);
    const events = eventsOf(path, body);
    seen.events = events?.length ?? 0;
    const fate = events ? collector.fate(++asked) : "pass";
    if (fate === "reset") return request.socket.destroy();
    if (typeof fate === "object") {
      return response
        .writeHead(fate.status, { ...cors, ...fate.headers })
        .end();
    }
    let answer = {
      status: 200,
      headers: { ...cors, "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(answerTo(path, seen.events))),
    };
    if (events && gatewayHost) {
      const given = await forward(gatewayHost, request, body);
      answer = { ...given, headers: /** @type {any} */ (given.headers) };
    }
    for (const event of events ?? []) collector.taken.push({ ...event, atMs });
    if (fate === "lose-answer") return request.socket.destroy();
    seen.bytes = answer.body.length;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.keepAliveTimeout = 120_000;
  collector.host = await listen(server);
  collector.close = () => shut(server);
  return collector;
}
