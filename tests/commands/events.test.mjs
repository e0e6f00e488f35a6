// @ts-check
// `npx waymark track` and its like: one event each, in the real gateway's file.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listen, shut } from "../support/local-server.mjs";
import { createServer } from "node:http";
import { startGateway } from "../support/gateway.mjs";
import { waymark } from "./command.mjs";

const KEY = "demo-server-key";
/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {Record<string, string>} */
let env;
before(async () => {
  gateway = await startGateway();
  env = { WAYMARK_HOST: gateway.url, WAYMARK_WRITE_KEY: KEY };
});
after(() => gateway?.stop());

/** The stored events with this message id. @param {string} id */
const stored = async (id) =>
  (await gateway.exportEvents()).filter(({ messageId }) => messageId === id);

/** @type {[args: string[], expected: Record<string, unknown>][]} */
const EVENTS = [
  [
    ["identify", "u-1", '{"email":"ann@example.org"}'],
    { userId: "u-1", traits: { email: "ann@example.org" } },
  ],
  [
    ["track", "u-1", "Order Completed", '{"total":49.5,"products":[]}'],
    {
      userId: "u-1",
      event: "Order Completed",
      properties: { total: 49.5, products: [] },
    },
  ],
  [["page", "u-1"], { userId: "u-1", name: undefined, properties: undefined }],
  [["page", "u-1", "Home"], { name: "Home" }],
  [
    ["page", "u-1", '{"path":"/"}'],
    { name: undefined, properties: { path: "/" } },
  ],
  [
    ["screen", "u-1", "Cart", '{"items":2}'],
    { name: "Cart", properties: { items: 2 } },
  ],
  [
    ["group", "u-1", "acme", '{"seats":3}'],
    { groupId: "acme", traits: { seats: 3 } },
  ],
  [["alias", "u-1", "old-1"], { userId: "u-1", previousId: "old-1" }],
  [
    ["track", "-", "Seen", "--anonymous-id", "a-1"],
    { userId: undefined, anonymousId: "a-1", event: "Seen" },
  ],
  [
    ["segment:track", "12", "Seen", "--timestamp", "2026-03-04T05:06:07Z"],
    { type: "track", userId: "12", event: "Seen" },
  ],
  [
    ["track", "u-1", "Seen", "--context", '{"ip":"203.0.113.9"}'],
    { context: { ip: "203.0.113.9", library: { name: "waymark-cli" } } },
  ],
];

for (const [at, [args, expected]] of EVENTS.entries()) {
  test(`${args.join(" ")} is stored field by field`, async () => {
    const id = `command-${at}`;
    const said = await waymark([...args, "--message-id", id], env);
    const call = String(args[0]).replace("segment:", "");
    const out = `${call} ${id} is taken\n`;
    assert.deepEqual(said, { code: 0, out, error: "" });
    const [record, ...more] = await stored(id);
    assert.deepEqual(more, []);
    assert.equal(record?.type, call);
    assert.equal(record?.keyKind, "server");
    for (const [field, value] of Object.entries(expected)) {
      assert.deepEqual(record?.event[field], value, field);
    }
  });
}

test("a time is kept, and the same message id counts once", async () => {
  const at = "2026-03-04T05:06:07.000Z";
  const flags = ["--message-id", "repeated", "--timestamp", at];
  const args = ["track", "u-1", "Repeated", ...flags];
  assert.match((await waymark(args, env)).out, /is taken/);
  const again = await waymark(args, env);
  const out = "track repeated was there already\n";
  assert.deepEqual(again, { code: 0, out, error: "" });
  const [record, ...more] = await stored("repeated");
  assert.deepEqual(more, []);
  assert.equal(record?.event.timestamp, at);
});

test("flags win over the environment, and a host may end in /v1/", async () => {
  const wrong = { WAYMARK_HOST: "http://127.0.0.1:1", SEGMENT_WRITE_KEY: "no" };
  const flags = ["--host", `${gateway.url}/v1/`, "--key", KEY];
  const args = ["track", "u-1", "Flags", "--message-id", "flags", ...flags];
  assert.equal((await waymark(args, wrong)).code, 0);
  assert.equal((await stored("flags")).length, 1);
});

test("Segment's name for the key is known, too", async () => {
  const named = { WAYMARK_HOST: gateway.url, SEGMENT_WRITE_KEY: KEY };
  assert.equal((await waymark(["identify", "u-2"], named)).code, 0);
});

test("--dry-run prints the request without the key, and sends nothing", async () => {
  const before = (await gateway.exportEvents()).length;
  const args = ["track", "u-1", "Dry", '{"a":1}', "--dry-run"];
  const said = await waymark(args, env);
  assert.equal(said.code, 0);
  const [line, ...body] = said.out.split("\n");
  assert.equal(line, `POST ${gateway.url}/v1/track`);
  assert.deepEqual(JSON.parse(body.join("\n")).properties, { a: 1 });
  assert.ok(!said.out.includes(KEY));
  assert.equal((await gateway.exportEvents()).length, before);
});

/** @type {[args: string[], why: RegExp][]} */
const WRONG = [
  [["track"], /^waymark: track needs a user id\n$/],
  [["track", "u-1"], /^waymark: track needs the event's name\n$/],
  [["group", "u-1"], /^waymark: group needs a group id\n$/],
  [["alias", "u-1"], /^waymark: alias needs a previous id\n$/],
  [["track", "-", "Seen"], /^waymark: - as user needs --anonymous-id ID\n$/],
  [["track", "u-1", "A", "{a:1}"], /^waymark: properties is no JSON: .*\n$/],
  [["track", "u-1", "A", "[1]"], /^waymark: properties must be a JSON object/],
  [["identify", "u-1", "{}", "x"], /^waymark: identify does not take x; quote/],
  [["track", "u-1", "A", "--tme", "1"], /^waymark: Unknown option '--tme'\n$/],
  [
    ["track", "u-1", "A", "--timestamp", "soon"],
    /^waymark: --timestamp soon is no time\n$/,
  ],
  [
    ["track", "u-1", "A", "--host", "shop.example"],
    /^waymark: the host shop.example is no address such as/,
  ],
  [["remember", "u-1"], /^waymark: there is no command remember\nUsage: /],
  [[], /^Usage: waymark identify/],
];
for (const [args, why] of WRONG) {
  test(`"${args.join(" ")}" is refused before anything is sent`, async () => {
    const { code, out, error } = await waymark(args, env);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(error, why);
  });
}

test("without host or key it says how to give them", async () => {
  const none = await waymark(["page", "u-1"]);
  assert.equal(none.code, 2);
  assert.match(none.error, /^waymark: no gateway: give --host URL or set/);
  const keyless = await waymark(["page", "u-1", "--host", gateway.url]);
  assert.equal(keyless.code, 2);
  assert.match(keyless.error, /^waymark: no key: give --key KEY or set/);
});

test("a gateway's refusal is one line, and exit code 1", async () => {
  const unknown = await waymark(["page", "u-1", "--key", "none"], env);
  assert.equal(unknown.code, 1);
  assert.match(unknown.error, /^waymark: \S+ 401 unknown_write_key: .*\n$/);
  const long = JSON.stringify({ text: "x".repeat(40_000) });
  const large = await waymark(["track", "u-1", "Large", long], env);
  assert.equal(large.code, 1);
  assert.match(large.error, /400 event_too_large/);
});

test("a host that does not answer, or not as the API does, is told apart", async () => {
  /** @type {import("node:http").RequestListener} */
  let answer = (_, response) => void response.end("<!doctype html>");
  const server = createServer((...both) => answer(...both));
  const host = await listen(server);
  const args = ["page", "u-1", "--key", KEY, "--host", `http://${host}`];
  try {
    // A single-page app's server answers every path with its page.
    assert.match((await waymark(args)).error, /200 without the API's JSON/);
    answer = (_, response) => {
      response.writeHead(308, { location: "https://b.example/" }).end();
    };
    assert.match((await waymark(args)).error, /redirects to https:\/\/b.exam/);
  } finally {
    await shut(server);
  }
  const gone = await waymark(args);
  assert.equal(gone.code, 1);
  assert.match(gone.error, /^waymark: \S+ refuses connections: .*ECONNREFUSED/);
});

test("--help tells all commands", async () => {
  const said = await waymark(["--help"]);
  assert.equal(said.code, 0);
  for (const call of ["identify", "screen", "alias", "doctor", "types"]) {
    assert.match(said.out, new RegExp(`waymark ${call} `));
  }
});
