// @ts-check
// The gateway's OpenAPI document, and the gateway asked by it: schemathesis makes requests of every
// kind, valid or not, and checks each answer against the document.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { ROOT } from "../support/program.mjs";

const run = promisify(execFile);
const SCHEMATHESIS = join(ROOT, ".tools", "openapi", "bin", "schemathesis");
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "response_headers_conformance",
  "unsupported_method",
];
/** A stream has no end, and a flush waits for a destination that is not there. */
const LEFT_OUT = ["/live/events", "/flush"];
/** The same requests in each run. */
const SEED = "1";
/** Requests made at random for each path, beside those for the edges of its values. */
const EXAMPLES = "30";
/** What stands for a parameter of a path. @type {Record<string, string>} */
const PARAMETERS = { type: "track", key: "browser", id: "1", number: "1" };

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {any} */
let document;
before(async () => {
  gateway = await startGateway({
    sources: [],
    toml: `[limits]
      requests_per_second_per_key = 1000000
      requests_per_second_per_address = 1000000
      [[sources]]
      name = "shop"
      allowed_origins = ["https://shop.example"]
      pixel = true
      keys = [{ key = "browser", kind = "browser" }]
      [[sources.destinations]]
      kind = "webhook"
      name = "nobody"
      url = "http://127.0.0.1:9/"
      secret = "s"`,
  });
  document = await (await fetch(`${gateway.adminUrl}/openapi.json`)).json();
});
after(() => gateway?.stop());

/** @param {string} tag */
const addressOf = (tag) => (tag === "public" ? gateway.url : gateway.adminUrl);

for (const tag of ["public", "admin"]) {
  test(`each ${tag} path is there, and takes only its method`, async () => {
    const paths = Object.entries(document.paths).filter(
      ([path, of]) =>
        !LEFT_OUT.includes(path) &&
        Object.values(of).some(({ tags }) => tags.includes(tag)),
    );
    assert.ok(paths.length > 10);
    for (const [path, of] of paths) {
      const [method = ""] = Object.keys(of);
      const real = path.replace(
        /\{(.*?)\}/,
        (_, name) => PARAMETERS[name] ?? "",
      );
      const other = method === "get" ? "PATCH" : "PUT";
      const wrong = await fetch(addressOf(tag) + real, { method: other });
      assert.equal(wrong.status, 405, path);
    }
  });

  test(`${tag} paths answer as the document says`, async () => {
    const args = ["run", `${gateway.adminUrl}/openapi.json`, "--no-color"];
    args.push("--url", addressOf(tag), "--include-tag", tag);
    for (const path of LEFT_OUT) args.push("--exclude-path", path);
    if (tag === "public") args.push("--auth", "browser:");
    args.push("--seed", SEED, "--max-examples", EXAMPLES);
    args.push("--checks", CHECKS.join());
    const { stdout } = await run(SCHEMATHESIS, args, {
      // It leaves files where it runs.
      cwd: gateway.folder,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error) => {
      throw new Error(error.stdout.slice(-8000), { cause: error });
    });
    const [, passed] = /generated, (\d+) passed/.exec(stdout) ?? [];
    assert.ok(Number(passed) > 300, stdout.slice(-2000));
    assert.equal((await fetch(`${gateway.url}/ready`)).status, 200);
    assert.ok(!gateway.logs.includes("panicked"));
  });
}

test("events that were taken meanwhile are stored", async () => {
  assert.ok((await gateway.exportEvents()).length > 0);
});
