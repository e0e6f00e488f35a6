// @ts-check
// Private data is found, in linear time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceModule } from "../support/source-module.mjs";

const { passesLuhn } = await sourceModule("redaction/luhn.ts");
const { findNumbers } = await sourceModule("redaction/digits.ts");
const { findEmails } = await sourceModule("redaction/emails.ts");
const { rewriteValues } = await sourceModule("redaction/json-values.ts");
const { Redactor } = await sourceModule("redaction/redactor.ts");

const redactor = new Redactor(["card", "email", "phone"], ["voucher"]);

test("Luhn's check digit tells cards from other numbers", () => {
  for (const card of [
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
  ]) {
    assert.ok(passesLuhn(card));
    assert.ok(
      !passesLuhn(card.slice(0, -1) + ((Number(card.at(-1)) + 1) % 10)),
    );
  }
  assert.ok(!passesLuhn(""));
});

test("cards, e-mail addresses and phone numbers are found, lookalikes are left", () => {
  const gone = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "3782 822463 10005",
    "jo.doe+shop@mail.example.co.uk",
    "+49 171 2345678",
    "+1 (555) 123-4567",
    "(555) 123-4567",
    "020 7946 0958",
    "0171/2345678",
  ];
  for (const one of gone) {
    assert.equal(redactor.text(one), "redacted", one);
    assert.equal(redactor.text(`for ${one}, please`), "for redacted, please");
  }
  const left = [
    "4111111111111112",
    "order 1234567890123456789012",
    "2026-11-21 15:30",
    "1771234567890",
    "EAN 4006381333931",
    "twitter @shop",
    "me@localhost",
    "3 for 2",
    "10.0.0.1:8080",
  ];
  for (const one of left) assert.equal(redactor.text(one), one);
});

test("URLs lose secrets and private data, however deeply encoded", () => {
  const cases = {
    "/p?q=shoes&page=2#top": "/p?q=shoes&page=2#top",
    "?token=abc&q=1": "?token=redacted&q=1",
    "?user[password]=abc": "?user[password]=redacted",
    "?voucher=abc": "?voucher=redacted",
    "?code=abc": "?code=abc",
    "?state=x&code=abc": "?state=x&code=redacted",
    "?mail=jo%40mail.example&q=1": "?mail=redacted&q=1",
    "?q=call+%2B491712345678+now": "?q=call%20redacted%20now",
    "?next=%2Flogin%3Ftoken%3Dabc%26q%3D1":
      "?next=%2Flogin%3Ftoken%3Dredacted%26q%3D1",
    "/users/jo@mail.example/orders": "/users/redacted/orders",
    "?card=4111+1111+1111+1111": "?card=redacted",
    "?bad=%E0%A4%A&q=50%": "?bad=%E0%A4%A&q=50%",
    "?bad=%E0%40x&m=a%E0%40mail.example": "?bad=%E0%40x&m=redacted",
  };
  for (const [address, expected] of Object.entries(cases)) {
    assert.equal(redactor.address(address), expected);
  }
});

test("only the values of a JSON text are rewritten, each by its path", () => {
  const text =
    '{"a":"x","n":12,"o":{"deny":["x",{"b":"y"}],"c":"x"},"u\\"":"x","gone":undefined}';
  const rewritten = rewriteValues(text, {
    bits: (/** @type {string} */ key) => (key === "deny" ? 1 : 0),
    value: (/** @type {string} */ value, /** @type {number} */ bits) =>
      bits ? "-" : value === "12" ? "twelve" : value,
  });
  assert.equal(
    rewritten,
    '{"a":"x","n":"twelve","o":{"deny":["-",{"b":"-"}],"c":"x"},"u\\"":"x","gone":undefined}',
  );
});

/** A text that counts how often its characters are read. */
class Counted {
  reads = 0;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.length = text.length;
  }

  /** @param {number} at */
  charCodeAt(at) {
    this.reads++;
    return this.text.charCodeAt(at);
  }

  /** @param {string} what @param {number} [from] */
  indexOf(what, from = 0) {
    const found = this.text.indexOf(what, from);
    this.reads += (found < 0 ? this.length : found + 1) - from;
    return found;
  }

  /** @param {number} from @param {number} to */
  slice(from, to) {
    this.reads += to - from;
    return this.text.slice(from, to);
  }
}

test("a text of a million characters is read a few times, whatever it contains", () => {
  const pieces = [
    "1",
    "1 ",
    "0 1",
    "a@",
    "a.b@a.",
    "4111 ",
    `@${"a".repeat(255)}`,
  ];
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const counted = new Counted(text);
    findNumbers(counted, { card: true, phone: true });
    findEmails(counted);
    const perCharacter = counted.reads / text.length;
    assert.ok(perCharacter < 60, `${piece}: ${perCharacter} reads a character`);
  }
});
