// @ts-check
// Sessions, touches and samples: their rules, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampling } from "waymark/sampling";
import { sourceModule } from "../support/source-module.mjs";

const { sessionAt } = await sourceModule("attribution/session.ts");
const { touchOf, isLed, isSameTouch } = await sourceModule(
  "attribution/touch.ts",
);
const { refersNothing } = await sourceModule("attribution/referrers.ts");
const { stableHash } = await sourceModule("stable-hash.ts");
const { currentReplay } = await sourceModule("experiments/replay.ts");

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("a session ends after 30 idle minutes and after 24 hours, and not by a clock set back", () => {
  let drawn = 0;
  const makeId = () => `s${++drawn}`;
  const first = sessionAt(undefined, 1000, makeId);
  assert.deepEqual(first, {
    id: "s1",
    number: 1,
    startedMs: 1000,
    seenMs: 1000,
  });
  const kept = sessionAt(first, 1000 + 30 * MINUTE_MS - 1, makeId);
  assert.equal(kept.id, "s1");
  assert.equal(sessionAt(kept, kept.seenMs + 30 * MINUTE_MS, makeId).number, 2);
  assert.deepEqual(sessionAt(kept, 0, makeId), kept);
  let busy = first;
  for (let ms = 1000; ms < 1000 + 24 * HOUR_MS; ms += 29 * MINUTE_MS) {
    busy = sessionAt(busy, ms, makeId);
    assert.equal(busy.startedMs, 1000);
  }
  assert.notEqual(sessionAt(busy, 1000 + 24 * HOUR_MS, makeId).id, busy.id);
});

/** @param {string} href @param {string} [referrer] */
const page = (href, referrer = "") => [
  href,
  "",
  new URL(href).search,
  "",
  referrer,
  "",
  "",
];

test("a touch has the campaign, the click ids, the other site's page and its date", () => {
  const href =
    "https://shop.example/p?utm_source=mail&utm_campaign=spring&gclid=g1&fbclid=&q=1#top";
  assert.deepEqual(touchOf(page(href, "https://news.example/a"), 0), {
    at: "1970-01-01T00:00:00.000Z",
    landingPage: href.slice(0, -4),
    referrer: "https://news.example/a",
    campaign: { source: "mail", name: "spring" },
    clickIds: { gclid: "g1" },
  });
});

test("a visit from the shop itself, or from nowhere, is led by nothing", () => {
  assert.ok(
    !isLed(touchOf(page("https://shop.example/p", "https://shop.example/"), 0)),
  );
  assert.ok(!isLed(touchOf(page("https://shop.example/p"), 0)));
  assert.ok(isLed(touchOf(page("https://shop.example/p?ttclid=1"), 0)));
});

/** Where visitors come back from in the middle of a visit. */
const PROVIDERS =
  "www.paypal.com checkout.stripe.com hooks.stripe.com pay.klarna.com checkoutshopper-live.adyen.com " +
  "www.mollie.com pay.google.com accounts.google.com appleid.apple.com idmsa.apple.com " +
  "apple-pay-gateway.apple.com login.microsoftonline.com login.live.com pay.amazon.de " +
  "payments.amazon.co.uk centinelapi.cardinalcommerce.com secure5.arcot.com acs2.3dsecure.no " +
  "3ds.bank.example rsa3dsauth.co.uk wlp-acs.com www.sofort.com secure.worldpay.com " +
  "test.sagepay.com www.saferpay.com pay.datatrans.com www.alipay.com sis.redsys.es " +
  "www.ideal.nl secure.payu.com shop.app ebanking.bank.example banking.bank.example " +
  "shop.eu.auth0.com checkout.com www.afterpay.com global.alipay.com api.razorpay.com";
/** Where they are led to the shop from. */
const OTHERS =
  "www.google.com www.bing.com duckduckgo.com l.facebook.com www.instagram.com t.co " +
  "www.payback.de papaya.example www.payless.com mypaypal-deals.example 3dstore.example " +
  "www.3dsystems.com stripes.example adyenfan.example www.shopify.com mail.google.com " +
  "newsbank.example www.apple.com www.amazon.de notpaypal.com paypal.evil.shop.example " +
  "loginshop.example accountants.example stripe";

test("providers of payment and sign-in refer nothing, and hosts that only sound so do", () => {
  const asker = { options: { disableClientPersistence: true } };
  const rule = refersNothing({}, asker);
  const none = refersNothing({ ignoreProviders: false }, asker);
  for (const host of PROVIDERS.split(" ")) {
    assert.ok(rule(host, "www.shop.example"), host);
    assert.ok(!none(host, "www.shop.example"), host);
  }
  for (const host of OTHERS.split(" ")) {
    assert.ok(!rule(host, "www.shop.example"), host);
  }
});

test("the same campaign on another page is the same touch", () => {
  const one = touchOf(page("https://shop.example/a?utm_source=m"), 0);
  assert.ok(
    isSameTouch(one, touchOf(page("https://shop.example/b?utm_source=m"), 9)),
  );
  assert.ok(
    !isSameTouch(one, touchOf(page("https://shop.example/a?utm_source=n"), 0)),
  );
});

test("the hash is the same for a text, and spreads visitors evenly", () => {
  assert.equal(stableHash("visitor"), stableHash("visitor"));
  const below = (/** @type {number} */ rate) =>
    Array.from({ length: 100_000 }, (_, at) =>
      stableHash(`visitor-${at}`),
    ).filter((hash) => hash < rate).length;
  // Five standard deviations of a binomial distribution; the hash draws nothing at random.
  for (const rate of [0.01, 0.1, 0.5]) {
    const spread = 5 * Math.sqrt(100_000 * rate * (1 - rate));
    assert.ok(Math.abs(below(rate) - 100_000 * rate) < spread, `${rate}`);
  }
});

/** @param {string} id @param {string} name @param {string} [method] */
function verdict(id, name, method = "track") {
  const { see } = sampling({ rates: { Rare: 0.1, Common: 0.5, page: 0.1 } });
  const text = `${method} uuid\n${JSON.stringify(name)}\n{}`;
  const analytics = { user: () => ({ anonymousId: () => id }) };
  const draft = { method, nowMs: 0, text, page: [] };
  return see(
    /** @type {any} */ (draft),
    /** @type {any} */ ({ options: {}, analytics }),
  );
}

test("a visitor is always in a sample or never, and in those of higher rates too", () => {
  let rare = 0;
  for (let visitor = 0; visitor < 1000; visitor++) {
    const seen = verdict(`v${visitor}`, "Rare");
    assert.deepEqual(verdict(`v${visitor}`, "Rare"), seen);
    assert.deepEqual(verdict(`v${visitor}`, "Views", "page"), seen);
    assert.equal(verdict(`v${visitor}`, "Other"), undefined);
    assert.equal(verdict(`v${visitor}`, "Rare", "identify"), undefined);
    if (seen?.drop) {
      assert.deepEqual(seen, { drop: "sampling" });
      continue;
    }
    rare++;
    assert.deepEqual(seen, { context: { sampling: { rate: 0.1 } } });
    assert.ok(!verdict(`v${visitor}`, "Common")?.drop);
  }
  assert.ok(rare > 50 && rare < 150, `${rare}`);
});

test("a replay is read of the tool that the page has, and of none that fails", () => {
  assert.equal(currentReplay({}), undefined);
  assert.deepEqual(
    currentReplay({
      FS: { getCurrentSessionURL: () => "https://f.example/1" },
    }),
    {
      tool: "fullstory",
      url: "https://f.example/1",
    },
  );
  const broken = {
    FS: {
      getCurrentSessionURL: () => {
        throw new Error("broken");
      },
    },
  };
  const Sentry = { getReplay: () => ({ getReplayId: () => "r1" }) };
  assert.deepEqual(currentReplay({ ...broken, Sentry }), {
    tool: "sentry",
    id: "r1",
  });
  const posthog = {
    get_session_replay_url: () => "https://p.example/1",
    get_session_id: () => "p1",
  };
  assert.deepEqual(currentReplay({ posthog }), {
    tool: "posthog",
    url: "https://p.example/1",
    id: "p1",
  });
});
