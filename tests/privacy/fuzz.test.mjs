// @ts-check
// Secrets in random places of random calls: redaction removes every one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { redaction } from "waymark/redaction";
import { Randomness } from "./randomness.mjs";

const ROUNDS = 10_000;

test(`no secret passes in ${ROUNDS} random calls`, () => {
  const { see } = redaction({ properties: true, deny: ["note"] });
  const random = new Randomness(20_261_121);
  for (let round = 0; round < ROUNDS; round++) {
    const { secrets, page, args } = random.call();
    const draft = {
      method: "track",
      nowMs: 0,
      text: `track id\n"Event"\n${JSON.stringify(args)}`,
      page,
    };
    const given = JSON.stringify(draft);
    see(/** @type {any} */ (draft), /** @type {any} */ ({ options: {} }));
    const kept = JSON.stringify([draft, decodeAll(JSON.stringify(draft))]);
    for (const secret of secrets) {
      assert.ok(!kept.includes(secret), `${secret} of ${given} in ${kept}`);
    }
  }
});

/** @param {string} text */
function decodeAll(text) {
  let plain = text;
  for (let level = 0; level < 3; level++) {
    plain = plain.replace(/%[0-7][0-9a-f]/gi, (escape) =>
      decodeURIComponent(escape),
    );
  }
  return plain;
}
