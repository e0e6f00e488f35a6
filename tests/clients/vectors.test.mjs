// @ts-check
// The wire vectors against the gateway: it stores every event they define, unchanged.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";

const NOW = "2026-11-21T03:32:03.636Z";
const ANONYMOUS_ID = "01010101-0101-4101-8101-010101010101";

/**
 * @typedef {object} Vectors
 * @property {object} plainContext
 * @property {{ name: string, events: Record<string, unknown>[] }[]} cases
 */

test("the gateway stores every event of the vectors unchanged", async () => {
  const file = join(ROOT, "tests/vectors/events.json");
  /** @type {Vectors} */
  const vectors = JSON.parse(await readFile(file, "utf8"));
  /** @type {Record<string, unknown>} */
  const placeholders = {
    "<now>": NOW,
    "<plain>": vectors.plainContext,
    "<anonymous id>": ANONYMOUS_ID,
  };
  let made = 0;
  const batch = vectors.cases
    .flatMap(({ events }) => events)
    .map((expected) => {
      const messageId = `vector-${made++}`;
      const whole = {
        anonymousId: ANONYMOUS_ID,
        messageId,
        type: "track",
        ...expected,
      };
      const filled = Object.entries(whole).map(([key, value]) => [
        key,
        value === "<message id>"
          ? messageId
          : (placeholders[String(value)] ?? value),
      ]);
      return Object.fromEntries(filled);
    });
  const gateway = await startGateway();
  try {
    const response = await fetch(`${gateway.url}/v1/b`, {
      method: "POST",
      body: JSON.stringify({
        writeKey: "demo-browser-key",
        batch,
        sentAt: NOW,
      }),
    });
    assert.equal(response.status, 200);
    const answer = await response.json();
    assert.deepEqual(answer.rejected, []);
    const stored = await gateway.exportEvents();
    assert.deepEqual(
      stored.map(({ event }) => event),
      batch,
    );
    for (const [at, { userId, type }] of stored.entries()) {
      assert.equal(userId ?? null, batch[at].userId ?? null);
      assert.equal(type, batch[at].type);
    }
  } finally {
    await gateway.stop();
  }
});
