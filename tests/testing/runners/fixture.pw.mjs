// Run by Playwright's runner; see runners.test.mjs.
import { readFile } from "node:fs/promises";
import { capture, expect, test } from "waymark/testing/playwright";

const binary = process.env.WAYMARK_GATEWAY_BIN;
const DIST = new URL("../../../pkg/dist/", import.meta.url);

/** A page on an origin of its own, with the built package. */
async function openShop(page, load) {
  await page.route("http://shop.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") {
      const body = "<!doctype html><title>Shop</title>";
      return route.fulfill({ contentType: "text/html", body });
    }
    const body = await readFile(new URL(`.${pathname}`, DIST));
    const wasm = pathname.endsWith(".wasm");
    const contentType = wasm ? "application/wasm" : "text/javascript";
    return route.fulfill({ contentType, body });
  });
  await page.goto("http://shop.test/");
  await page.evaluate(async ({ writeKey, integrations }) => {
    const { AnalyticsBrowser } = await import("http://shop.test/index.js");
    const analytics = AnalyticsBrowser.load({ writeKey }, { integrations });
    analytics.track("Product Added", { price: 49.5 });
  }, load);
}

for (const [name, waymarkOptions] of [
  ["a recording server", {}],
  ["a gateway of its own", { gatewayBinary: binary }],
]) {
  test.describe(name, () => {
    test.use({ waymarkOptions });

    test("shows what the page sent", async ({ page, waymark }) => {
      const { apiHost, writeKey } = waymark;
      const integrations = { "Segment.io": { apiHost, protocol: "http" } };
      await openShop(page, { writeKey, integrations });
      const event = await waymark.waitForTrack("Product Added");
      expect(event.context.library.name).toBe("waymark");
      expect(waymark).toHaveTracked("Product Added", { price: 49.5 });
      expect(waymark).not.toHaveTracked("Order Completed");
    });

    test("takes what was meant for Segment", async ({ page, waymark }) => {
      await capture(page, "https://api.segment.io/v1/*", waymark);
      await openShop(page, { writeKey: waymark.writeKey });
      await waymark.waitForTrack("Product Added", { price: 49.5 });
      expect(waymark.events).toHaveLength(1);
    });
  });
}
