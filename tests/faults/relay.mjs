// @ts-check
// A server in front of the gateway that misbehaves as a test tells it to.
import { once } from "node:events";
import { createServer, request as open } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { listen, shut } from "../support/local-server.mjs";

/**
 * A request's fate:
 * - `pass`: it goes to the gateway, and its answer back;
 * - `lose-answer`: it goes to the gateway, and the connection is destroyed instead of answered;
 * - `reset`: the connection is destroyed before the gateway gets the request;
 * - `endless`: a 200 whose body goes on until the browser ends it;
 * - an answer of the relay's own.
 *
 * @typedef {"pass" | "lose-answer" | "reset" | "endless" | { status: number, body?: string,
 *   first?: string, headers?: Record<string, string> }} Fate an answer's `first` part comes some
 *   milliseconds before its body
 */

/**
 * @typedef {object} Asked one request for the gateway
 * @property {string} path
 * @property {string} body
 * @property {any[]} events the batch; empty where the body is not one
 */

/** Milliseconds between the two parts of an answer: a browser sees the first, and soon the other. */
const PART_MS = 5;

/** @param {string} body */
function eventsOf(body) {
  try {
    return JSON.parse(body).batch ?? [];
  } catch {
    return [];
  }
}

/**
 * Starts a relay.
 *
 * @param {string} host the gateway's `host:port`
 */
export async function startRelay(host) {
  const relay = {
    /** `host:port` of the relay. */
    host: "",
    /** Requests so far. @type {Asked[]} */
    asked: [],
    /** Endless answers under way. */
    streaming: 0,
    /** Decides about a request. @type {(asked: Asked, n: number) => Fate | Promise<Fate>} */
    fate: () => /** @type {Fate} */ ("pass"),
    close: async () => {},
  };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const asked = { path: request.url ?? "/", body, events: eventsOf(body) };
    const fate = await relay.fate(asked, relay.asked.push(asked));
    if (fate === "reset") return request.socket.destroy();
    const anyone = { "access-control-allow-origin": "*" };
    if (fate === "endless") {
      relay.streaming++;
      response.once("close", () => relay.streaming--);
      response.writeHead(200, anyone);
      return flood(response);
    }
    if (typeof fate === "object") {
      response.writeHead(fate.status, { ...anyone, ...fate.headers });
      if (fate.first) {
        response.write(fate.first);
        await pause(PART_MS);
      }
      return response.end(fate.body);
    }
    const answer = await forward(host, request, body).catch(() => undefined);
    // A test's end stops the gateway under what is still sent.
    if (!answer || fate === "lose-answer") return request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  relay.host = await listen(server);
  relay.close = () => shut(server);
  return relay;
}

/** Writes until the other side has enough. @param {import("node:http").ServerResponse} response */
function flood(response) {
  const more = () => {
    while (!response.destroyed && response.write("x".repeat(65_536)));
  };
  response.on("drain", more);
  more();
}

/** @param {import("node:http").IncomingMessage} message */
async function bodyOf(message) {
  /** @type {Buffer[]} */
  const chunks = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    // The browser was killed while it sent: the request is incomplete.
  }
  return Buffer.concat(chunks).toString();
}

/**
 * @param {string} host
 * @param {import("node:http").IncomingMessage} request
 * @param {string} body
 */
async function forward(host, { method, url, headers }, body) {
  const passed = open(`http://${host}${url}`, { method, headers });
  passed.end(body);
  /** @type {[import("node:http").IncomingMessage]} */
  const [answer] = /** @type {any} */ (await once(passed, "response"));
  return {
    status: answer.statusCode ?? 500,
    headers: answer.headers,
    body: await bodyOf(answer),
  };
}
