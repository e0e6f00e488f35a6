// @ts-check
// Segment's own Python client, as it comes from PyPI, against the real gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";
import { assertFields, only } from "./assert-fields.mjs";

const PYTHON = `${ROOT}.tools/python/bin/python`;
const PROGRAM = fileURLToPath(new URL("python-client.py", import.meta.url));
const CALLS = ["identify", "track", "page", "screen", "group", "alias"];

const run = promisify(execFile);

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;

before(async () => {
  gateway = await startGateway();
});

after(async () => {
  await gateway?.stop();
});

for (const encoding of ["plain", "gzip"]) {
  test(`every call of the Python client is stored field by field, ${encoding}`, async () => {
    const host = gateway.url;
    await run(PYTHON, [PROGRAM, host, "demo-server-key", encoding]);

    const all = await gateway.exportEvents();
    const stored = all.filter((it) => it.messageId.startsWith(encoding));
    assert.deepEqual(
      stored.map((record) => record.type),
      CALLS,
    );
    for (const record of stored) {
      const { event, type } = record;
      assert.equal(record.source, "shop");
      assert.equal(record.keyKind, "server");
      assert.equal(record.messageId, `${encoding}-${type}`);
      assert.equal(record.userId, "python-user");
      assertFields(event, { type, userId: "python-user" });
      assert.equal(event.context.locale, "nb-NO");
      assert.equal(event.context.library.name, "analytics-python");
    }
    const { traits } = only(stored, "identify").event;
    assert.equal(traits.email, "ann@example.org");
    assert.equal(Date.parse(traits.since), Date.UTC(2026, 2, 4, 5, 6, 7, 89));
    assert.equal(only(stored, "track").anonymousId, "python-anon");
    assert.equal(only(stored, "page").anonymousId, null);
    assertFields(only(stored, "track").event, {
      event: "Order Completed",
      properties: { total: 148.5, products: [{ sku: "å" }], coupon: null },
    });
    const place = { category: "Shop", name: "Cart" };
    assertFields(only(stored, "page").event, {
      ...place,
      properties: { url: "x:/" },
    });
    assertFields(only(stored, "screen").event, {
      ...place,
      properties: { depth: 2 },
    });
    assertFields(only(stored, "group").event, {
      groupId: "acme",
      traits: { seats: 3 },
    });
    assertFields(only(stored, "alias").event, { previousId: "python-anon" });
  });
}

test("an unknown write key is an error in the Python client", async () => {
  const attempt = run(PYTHON, [PROGRAM, gateway.url, "no-such-key", "refused"]);
  await assert.rejects(attempt, /exit code|Command failed/);
  const all = await gateway.exportEvents();
  assert.ok(!all.some((it) => it.messageId.startsWith("refused")));
});
