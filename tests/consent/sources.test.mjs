// @ts-check
// The adapters of consent tools, against stand-ins that follow the tools' documentation: the
// tools themselves are served by their vendors, on whom a test must not depend.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setScene } from "./scene.mjs";

const scene = setScene();

/**
 * Loads a client with a source, lets the visitor answer, and returns the choices before and after.
 *
 * @param {{ tool: string, source: string, yes: string, no: string }} scene_
 */
async function answers({ tool, source, yes, no }) {
  const page = await scene.open();
  await page.evaluate(`{ ${tool} }`);
  await scene.load(page, `rules.consent({ source: ${source} })`);
  const look = `[analytics.consent.state, { ...analytics.consent.choices }]`;
  const before = await page.evaluate(`{ ${look} }`);
  await page.evaluate(`void analytics.track("Held")`);
  const granted = await page.evaluate(`{ ${yes}; ${look} }`);
  const [held] = await scene.gateway.waitForEvents(1);
  const denied = await page.evaluate(`{ ${no}; ${look} }`);
  return { before, granted, denied, held: held?.event.event };
}

const ALL = { analytics: true, advertising: false };
const NONE = { analytics: false, advertising: false };
const EXPECTED = {
  before: ["unknown", {}],
  granted: ["granted", ALL],
  denied: ["denied", NONE],
  held: "Held",
};

test("OneTrust's answers are read when its script loads later", async () => {
  const seen = await answers({
    tool: `globalThis.wrapped = 0; window.OptanonWrapper = () => wrapped++;`,
    source: `rules.oneTrust({ C0002: "analytics", C0004: "advertising" })`,
    yes: `{
      const listeners = [];
      let closed = false;
      window.OnetrustActiveGroups = ",C0001,";
      window.OneTrust = { IsAlertBoxClosed: () => closed,
        OnConsentChanged: (listener) => listeners.push(listener) };
      globalThis.choose = (groups) => {
        closed = true; window.OnetrustActiveGroups = groups;
        window.OptanonWrapper(); listeners.forEach((listener) => listener());
      };
      window.OptanonWrapper();
      choose(",C0001,C0002,"); }`,
    no: `choose(",C0001,")`,
  });
  assert.deepEqual(seen, EXPECTED);
});

test("OneTrust's answers are read when the visitor gave them earlier", async () => {
  const page = await scene.open();
  await page.evaluate(`window.OnetrustActiveGroups = ",C0001,C0002,";
    window.OneTrust = { IsAlertBoxClosed: () => true, OnConsentChanged() {} }; 0`);
  await scene.load(
    page,
    `rules.consent({ source: rules.oneTrust({ C0002: "analytics" }) })`,
  );
  await page.evaluate(`analytics.track("At once")`);
  const [event] = await scene.stored(page);
  assert.equal(event.event, "At once");
});

test("Cookiebot's answers are read", async () => {
  const seen = await answers({
    tool: `window.Cookiebot = { hasResponse: false, consent: { statistics: false } };
      globalThis.choose = (consent, name) => {
        window.Cookiebot = { hasResponse: true, consent };
        dispatchEvent(new Event(name));
      };`,
    source: `rules.cookiebot({ statistics: "analytics", marketing: "advertising" })`,
    yes: `choose({ statistics: true, marketing: false }, "CookiebotOnAccept")`,
    no: `choose({ statistics: false, marketing: false }, "CookiebotOnDecline")`,
  });
  assert.deepEqual(seen, EXPECTED);
});

test("Didomi's answers are read through its own callback queue", async () => {
  const seen = await answers({
    tool: `0`,
    source: `rules.didomi({ measure: "analytics", ads: "advertising" })`,
    yes: `{
      const listeners = [];
      let purposes = {}, open = true;
      const didomi = { on: (_, listener) => listeners.push(listener),
        shouldUserStatusBeCollected: () => open, getCurrentUserStatus: () => ({ purposes }) };
      const waiting = window.didomiOnReady;
      window.didomiOnReady = { push: (ready) => ready(didomi) };
      waiting.forEach((ready) => ready(didomi));
      globalThis.choose = (measure) => {
        open = false; purposes = { measure: { id: "measure", enabled: measure } };
        listeners.forEach((listener) => listener());
      };
      choose(true); }`,
    no: `choose(false)`,
  });
  assert.deepEqual(seen, EXPECTED);
});

test("the purposes of the TCF become categories", async () => {
  const seen = await answers({
    tool: `
      const listeners = [];
      window.__tcfapi = (command, version, callback) => {
        if (command !== "addEventListener" || version !== 2) return callback(null, false);
        listeners.push(callback);
        callback({ eventStatus: "cmpuishown", gdprApplies: true, purpose: { consents: {} } }, true);
      };
      globalThis.choose = (consents) => listeners.forEach((callback) =>
        callback({ eventStatus: "useractioncomplete", gdprApplies: true, purpose: { consents } }, true));`,
    source: `rules.tcf()`,
    yes: `choose({ 1: true, 2: false, 8: true, 9: true })`,
    no: `choose({ 1: true })`,
  });
  assert.deepEqual(seen, EXPECTED);
});

test("where the GDPR does not apply, the TCF grants every category", async () => {
  const page = await scene.open();
  await page.evaluate(`window.__tcfapi = (command, version, callback) =>
    callback({ eventStatus: "tcloaded", gdprApplies: false }, true); 0`);
  await scene.load(page, `rules.consent({ source: rules.tcf() })`);
  const choices = await page.evaluate(`analytics.consent.choices`);
  assert.deepEqual(choices, { analytics: true, advertising: true });
});

test("updates of Google's Consent Mode are read, its defaults are not", async () => {
  const seen = await answers({
    tool: `
      window.dataLayer = [];
      window.gtag = function () { dataLayer.push(arguments); };
      gtag("consent", "default", { analytics_storage: "granted", ad_storage: "granted" });`,
    source: `rules.googleConsentMode()`,
    yes: `gtag("consent", "update", { analytics_storage: "granted", ad_storage: "denied" })`,
    no: `gtag("consent", "update", { analytics_storage: "denied" })`,
  });
  assert.deepEqual(seen, EXPECTED);
});
