// @ts-check
// The commands of docs/servers.md, as a shell runs them, against the real gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { snippetsFor, towards } from "../support/snippets.mjs";
import { COMMAND } from "./command.mjs";

const run = promisify(execFile);
const own = await snippetsFor(import.meta.url);
const [events, doctor] = own.filter(({ language }) => language === "sh");
const [shown] = own.filter(({ language }) => language === "text");

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
before(async () => {
  gateway = await startGateway({
    sources: [
      {
        name: "shop",
        allowedOrigins: ["https://shop.example"],
        keys: [{ key: "shop-server-key", kind: "server" }],
      },
    ],
  });
});
after(() => gateway?.stop());

/** Runs a block with the package's own command behind `npx waymark`. @param {string} code */
async function shell(code) {
  const npx = `npx() { test "$1" = waymark; shift; "${process.execPath}" "${COMMAND}" "$@"; }`;
  const script = `set -eu\n${npx}\n${towards(code, gateway.host)}`;
  return (await run("bash", ["-c", script])).stdout;
}

test("the commands send their events", async () => {
  assert.equal(own.length, 3);
  const said = await shell(events?.code ?? "");
  const stored = await gateway.exportEvents();
  assert.deepEqual(
    stored.map(({ type, userId, anonymousId }) => [type, userId, anonymousId]),
    [
      ["identify", "user_1", null],
      ["track", "user_1", null],
      ["page", "user_1", null],
      ["group", "user_1", null],
      ["alias", "user_1", null],
      ["track", null, "a1"],
    ],
  );
  assert.equal(stored[1]?.event.properties.total, 54.45);
  assert.match(said, /POST http:\S+\/v1\/track\n\{/);
});

test("the doctor says what the chapter shows", async () => {
  const said = await shell(doctor?.code ?? "");
  const masked = (/** @type {string} */ text) =>
    text.replace(/doctor-[\w-]{36}/, "doctor-ID");
  assert.equal(masked(said), masked(towards(shown?.code ?? "", gateway.host)));
});
