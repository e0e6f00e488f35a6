// @ts-check
// The ten faults. Each returns the names of the events that the page has recorded.
import { setTimeout as pause } from "node:timers/promises";
import { names, tracking } from "./stage.mjs";

/** @typedef {import("./stage.mjs").Stage} Stage */
/** @typedef {import("../collector.mjs").Fate} Fate */

/** Time for a library to store or send new events, in milliseconds. */
const MOMENT_MS = 1_500;
/** A page that takes longer than this to record a burst, in milliseconds, counts as hung. */
const HUNG_MS = 60_000;
/** Time from the events until the browser is killed, in milliseconds. */
const KILLED_AFTER_MS = 300;
/** The event of the page that a visitor comes back to. */
const COMING_BACK = tracking(["Back"]);
/** Events recorded in most rows. */
const TEN = names(10);

/**
 * Records ten events while each request meets `fate`, which lasts for `durationMs`.
 *
 * @param {Stage} stage
 * @param {number} durationMs
 * @param {Fate} fate
 */
async function whileAnswering(stage, durationMs, fate) {
  const page = await stage.settle();
  const end = performance.now() + durationMs;
  stage.collector.fate = () => (performance.now() < end ? fate : "pass");
  await page.evaluate(tracking(TEN));
  await pause(durationMs);
  return TEN;
}

/** @type {[string, (stage: Stage) => Promise<readonly string[]>][]} */
export const ROWS = [
  [
    "leave right after 10 events",
    async (stage) => {
      const page = await stage.settle();
      stage.site.started = COMING_BACK;
      const next = page.waitForURL("**/next");
      await page.evaluate(`${tracking(TEN)} location.href = "/next"`);
      await next;
      return TEN;
    },
  ],
  [
    "leave before the library is ready",
    async (stage) => {
      const five = names(5);
      stage.site.started = `if (location.pathname === "/") {
        ${tracking(five)} location.href = "/next"; } else { ${COMING_BACK} }`;
      const page = await stage.context.newPage();
      await page.goto(stage.site.url("/"), { waitUntil: "commit" });
      await page.waitForURL("**/next");
      return five;
    },
  ],
  [
    "server answers 500 for 8 s",
    (stage) => whileAnswering(stage, 8000, { status: 500 }),
  ],
  [
    "server answers 429 for 5 s",
    (stage) =>
      whileAnswering(stage, 5000, {
        status: 429,
        headers: { "retry-after": "2" },
      }),
  ],
  [
    "offline 6 s",
    async (stage) => {
      const page = await stage.settle();
      await stage.context.setOffline(true);
      await page.evaluate(tracking(TEN));
      await pause(6000);
      await stage.context.setOffline(false);
      return TEN;
    },
  ],
  [
    "server down, leave, come back",
    async (stage) => {
      const page = await stage.settle();
      stage.collector.fate = () => "reset";
      await page.evaluate(tracking(TEN));
      await pause(MOMENT_MS);
      await page.goto("about:blank");
      await pause(MOMENT_MS);
      stage.collector.fate = () => "pass";
      stage.site.started = COMING_BACK;
      await page.goto(stage.site.url("/"));
      return TEN;
    },
  ],
  [
    "offline, browser killed after 0.3 s, come back",
    async (stage) => {
      const page = await stage.settle();
      await stage.context.setOffline(true);
      await page.evaluate(tracking(TEN));
      await pause(KILLED_AFTER_MS);
      await stage.killBrowser();
      stage.site.started = COMING_BACK;
      await stage.openBrowser();
      await stage.visit();
      return TEN;
    },
  ],
  [
    "two tabs offline, both closed, come back",
    async (stage) => {
      const tabs = [await stage.settle(), await stage.settle()];
      await stage.context.setOffline(true);
      for (const [n, tab] of tabs.entries()) {
        await tab.evaluate(tracking(names(10, `Tab${n}-`)));
      }
      await pause(MOMENT_MS);
      for (const tab of tabs) await tab.close();
      await stage.context.setOffline(false);
      stage.site.started = COMING_BACK;
      await stage.visit();
      return [...names(10, "Tab0-"), ...names(10, "Tab1-")];
    },
  ],
  [
    "offline burst of 2000, back online",
    async (stage) => {
      const page = await stage.settle();
      await stage.context.setOffline(true);
      const burst = names(2000);
      const hung = new AbortController();
      await Promise.race([
        page.evaluate(tracking(burst)),
        pause(HUNG_MS, undefined, { signal: hung.signal }).then(() => {
          throw new Error("page hung");
        }),
      ]);
      hung.abort();
      await pause(MOMENT_MS);
      await stage.context.setOffline(false);
      return burst;
    },
  ],
  [
    "answer lost after the server took it",
    async (stage) => {
      const page = await stage.settle();
      const before = stage.collector.requests.filter((it) => it.events).length;
      stage.collector.fate = (n) => (n <= before + 3 ? "lose-answer" : "pass");
      await page.evaluate(tracking(TEN));
      return TEN;
    },
  ],
];
