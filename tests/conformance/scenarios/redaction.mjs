// @ts-check
// Secrets in the page's URL, which Waymark replaces before it stores anything of a call.
import assert from "node:assert/strict";
import { thatLeaves } from "../../support/leaving-code.mjs";

const AT = "https://shop.example.com/cart";

const WHY =
  "secrets in the page's URL (`token`, `access_token`, `id_token`, `password`, `secret`, `api_key`, `code` beside `state`) are replaced before anything is stored; `redactUrls: false` keeps them";

/** Queries with a secret, each `S3CRET`. */
const QUERIES = {
  "a token": "?token=S3CRET&utm_source=mail",
  "an access token in capital letters": "?q=1&Access_Token=S3CRET",
  "a password and an API key": "?password=S3CRET&api_key=S3CRET&utm_source=s",
  "a code beside a state": "?code=S3CRET&state=xyz",
};

/** @param {import("../scenario.mjs").Outcome} outcome */
function withoutSecret({ events, cookies, storage }) {
  assert.ok(events.length > 0);
  const kept = JSON.stringify([events, cookies, storage]);
  assert.ok(!kept.includes("S3CRET"), kept);
}

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(QUERIES).map(([what, query]) => ({
    name: `the page's URL has ${what}`,
    url: AT + query,
    code: `await a.page("N"); await a.track("E");`,
    events: 2,
    better: WHY,
    expect: (/** @type {import("../scenario.mjs").Outcome} */ outcome) => {
      withoutSecret(outcome);
      const [{ context }] = outcome.events;
      assert.match(context.page.search, /=redacted/);
      assert.match(context.page.url, /=redacted/);
      const campaign = new URLSearchParams(query).get("utm_source");
      assert.equal(context.campaign?.source ?? null, campaign);
    },
  })),
  {
    name: "the referrer has a token",
    url: `${AT}?token=S3CRET&from=mail`,
    drive: async ({ page, start }) => {
      await page.evaluate(thatLeaves(`location.href = "/next"`));
      await page.waitForURL("**/next");
      await page.waitForFunction("window.SDK");
      return start(`await a.track("E");`);
    },
    better: WHY,
    expect: (outcome) => {
      withoutSecret(outcome);
      const { referrer } = outcome.events[0].context.page;
      assert.match(referrer, /\?token=redacted&from=mail$/);
    },
  },
  {
    name: "the URL has a token and the visitor's id",
    url: `${AT}?token=S3CRET&ajs_uid=u1`,
    code: `await a.track("E");`,
    events: 2,
    better: WHY,
    expect: (outcome) => {
      withoutSecret(outcome);
      assert.deepEqual(
        outcome.events.map(({ userId }) => userId),
        ["u1", "u1"],
      );
    },
  },
  {
    name: "a code without a state stays in the URL",
    url: `${AT}?code=SPRING&utm_source=s`,
    code: `await a.track("E");`,
  },
  {
    name: "a token stays in the URL where the page opts out",
    url: `${AT}?token=S3CRET`,
    options: `{ redactUrls: false }`,
    code: `await a.track("E");`,
  },
];
