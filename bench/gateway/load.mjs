// @ts-check
// The load: batches of ecommerce events over a few connections, each sent when the last was taken.
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";

const EVENT = {
  type: "track",
  event: "Product Added",
  anonymousId: "f1b2c3d4-0000-4000-8000-000000000000",
  properties: {
    product_id: "lantern-2p",
    sku: "CC-1001",
    name: "Lantern 2P Tent",
    category: "Tents",
    variant: "Moss",
    price: 349.0,
    quantity: 1,
    currency: "EUR",
    position: 3,
  },
  context: {
    page: {
      path: "/products/lantern-2p",
      referrer: "http://127.0.0.1:8080/products",
      search: "",
      title: "Lantern 2P Tent – Cairn & Co.",
      url: "http://127.0.0.1:8080/products/lantern-2p",
    },
    library: { name: "waymark", version: "0.1.0" },
    locale: "en-GB",
    timezone: "Europe/Oslo",
  },
  timestamp: "2026-03-04T05:06:07.089Z",
};

/** Makes bodies whose every message has an id of its own: one run's ids share a random stem. */
export class BatchMaker {
  #stem = randomBytes(9).toString("hex");
  #next = 0;
  #size;
  #event = JSON.stringify(EVENT).slice(1);
  #tail;

  /**
   * @param {number} size events a batch
   * @param {string} writeKey
   */
  constructor(size, writeKey) {
    this.#size = size;
    this.#tail = `],"writeKey":${JSON.stringify(writeKey)}}`;
  }

  /** @returns {Buffer} the next body */
  next() {
    const events = [];
    for (let n = 0; n < this.#size; n += 1) {
      const id = (this.#next++).toString(36).padStart(8, "0");
      events.push(`{"messageId":"bench-${this.#stem}-${id}",${this.#event}`);
    }
    return Buffer.from(`{"batch":[${events.join(",")}${this.#tail}`);
  }
}

/**
 * Posts one body and reads the answer to its end.
 *
 * @param {string} url
 * @param {Agent} agent
 * @param {Buffer} body
 * @returns {Promise<number>} the status
 */
function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/batch`,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
        },
      },
      (answer) => {
        answer.resume();
        answer.once("end", () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}

/**
 * Sends batches until the time is up.
 *
 * @param {{ url: string, writeKey: string, seconds: number, batchSize: number,
 *   connections: number }} plan
 * @returns {Promise<{ acknowledged: number, refused: Map<number, number>, latenciesMs: number[],
 *   perSecond: number[] }>} counts of events, and the answer times of batches
 */
export async function sendLoad(plan) {
  const { url, writeKey, seconds, batchSize, connections } = plan;
  const maker = new BatchMaker(batchSize, writeKey);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs = /** @type {number[]} */ ([]);
  const perSecond = Array.from({ length: seconds }, () => 0);
  const refused = new Map();
  let acknowledged = 0;
  const begun = performance.now();

  async function connection() {
    for (;;) {
      const sentAt = performance.now();
      if (sentAt - begun >= seconds * 1000) return;
      const status = await post(url, agent, maker.next());
      const now = performance.now();
      if (status === 200) {
        acknowledged += batchSize;
        latenciesMs.push(now - sentAt);
        const second = Math.floor((now - begun) / 1000);
        if (second < seconds) perSecond[second] += batchSize;
      } else {
        refused.set(status, (refused.get(status) ?? 0) + 1);
      }
    }
  }

  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { acknowledged, refused, latenciesMs, perSecond };
}
