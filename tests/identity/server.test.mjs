// @ts-check
// `waymark/server`: the cookies that a shop's own server sets.
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { identityCookies } from "waymark/server";
import { listen, shut } from "../support/local-server.mjs";
import { ROOT } from "../support/program.mjs";
import { snippetsFor } from "../support/snippets.mjs";

const VECTORS = JSON.parse(
  await readFile(join(ROOT, "tests", "vectors", "cookies.json"), "utf8"),
);
/** A page's request. @param {unknown} anonymousId @param {object} [more] */
const bodyOf = (anonymousId, more) => JSON.stringify({ anonymousId, ...more });

const REST = "; path=/; max-age=31536000; sameSite=Lax; secure";

test("ids are encoded in cookies as the vectors say", () => {
  for (const { id, text } of VECTORS.cookies) {
    const sent = `a=1; ajs_user_id=${text}; b=2`;
    assert.deepEqual(identityCookies(sent), [`ajs_user_id=${text}${REST}`]);
    const made = identityCookies(null, { body: bodyOf(id) });
    assert.deepEqual(made, [`ajs_anonymous_id=${text}${REST}`]);
  }
  for (const { text, id } of VECTORS.read) {
    const [own] = VECTORS.cookies;
    const read = identityCookies(`ajs_user_id=${text}`);
    const known = encodeURIComponent(id ?? "");
    assert.deepEqual(read, id ? [`ajs_user_id=${known}${REST}`] : [], own.id);
  }
});

test("the body's anonymous id counts on a first visit only, and is never a user id", () => {
  const body = bodyOf("made", { userId: "evil" });
  assert.deepEqual(identityCookies("ajs_anonymous_id=known", { body }), [
    `ajs_anonymous_id=known${REST}`,
  ]);
  assert.deepEqual(identityCookies("", { body }), [
    `ajs_anonymous_id=made${REST}`,
  ]);
  for (const odd of [7, null, {}, "", "\ud800", "x".repeat(1025)]) {
    assert.deepEqual(identityCookies("", { body: bodyOf(odd) }), []);
  }
  for (const broken of ["", "{", "null", "7"]) {
    assert.deepEqual(identityCookies("", { body: broken }), []);
  }
});

test("domain, age and HttpOnly are as configured", () => {
  const options = { domain: "example.com", httpOnly: true, maxAgeSeconds: 60 };
  assert.deepEqual(identityCookies("ajs_group_id=g", options), [
    "ajs_group_id=g; path=/; max-age=60; sameSite=Lax; domain=example.com; secure; HttpOnly",
  ]);
});

test("the server in the docs sets the cookies, and refuses other origins", async () => {
  const [example, ...more] = await snippetsFor(import.meta.url);
  assert.deepEqual(more, []);
  const file = join(
    ROOT,
    "tests",
    "identity",
    `.docs-server-${process.pid}.mjs`,
  );
  await writeFile(file, example?.code ?? "");
  const { server } = await import(file).finally(() => rm(file));
  const host = await listen(server);
  const ask = (/** @type {string} */ origin, body = bodyOf("a")) =>
    fetch(`http://${host}/identity`, {
      method: "POST",
      headers: { origin, cookie: "ajs_user_id=u" },
      body,
    });
  try {
    assert.equal((await ask("https://evil.example")).status, 403);
    assert.equal((await ask("https://shop.example", "{")).status, 204);
    const rest = REST.replace("; secure", "; domain=shop.example; secure");
    assert.deepEqual(
      (await ask("https://shop.example")).headers.getSetCookie(),
      [`ajs_anonymous_id=a${rest}`, `ajs_user_id=u${rest}`],
    );
  } finally {
    await shut(server);
  }
});
