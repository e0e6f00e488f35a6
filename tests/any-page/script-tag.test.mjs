// @ts-check
// The script-tag build at addresses that make relative imports and requests fail: from another
// origin without `crossorigin`, and on a page whose address has credentials.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../support/chromium.mjs";
import { startGateway } from "../support/gateway.mjs";
import { packageFiles } from "../support/package-files.mjs";
import { servePage } from "../support/page-server.mjs";
import "../support/watchdog.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startGateway>>} */
let gateway;
/** @type {Awaited<ReturnType<typeof servePage>>} */
let files;
before(async () => {
  browser = await launchChromium();
  gateway = await startGateway();
  files = await servePage(await packageFiles(), {
    "access-control-allow-origin": "*",
  });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
  await files?.close();
});

/** A page with the script at this address, an option that fetches a file on use, and a call. */
const html = (/** @type {string} */ src, options = {}) => `<!doctype html>
  <title>Shop</title><script src="${src}"></script><script>
  analytics.load({ writeKey: "demo-browser-key" }, ${JSON.stringify({
    autoPage: true,
    integrations: {
      "Segment.io": { apiHost: `${gateway.host}/v1`, protocol: "http" },
    },
    ...options,
  })});
  analytics.track("Made");
  history.pushState({}, "", "?next");
</script>`;

const PLACES = {
  "from another origin": {
    src: (/** @type {string} */ _own) => files.origin,
    open: (/** @type {string} */ own) => own,
  },
  "on a page with credentials in its address": {
    src: (/** @type {string} */ _own) => "",
    open: (/** @type {string} */ own) => own.replace("//", "//user:secret@"),
  },
};

let run = 0;
for (const [where, { src, open }] of Object.entries(PLACES)) {
  for (const [core, options] of Object.entries({
    "as wasm": {},
    "as JavaScript": { engine: "js" },
  })) {
    test(`${where} all files are found, with the core ${core}`, async () => {
      const at = `/page${run++}.html`;
      const site = await servePage({
        ...(await packageFiles()),
        [at]: html(`${src("")}/waymark/waymark.iife.js`, options),
      });
      const page = await browser.newPage();
      /** @type {string[]} */
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      try {
        await page.goto(`${open(site.origin)}${at}`);
        await gateway.waitForEvents(2 * run);
        const names = (await gateway.exportEvents())
          .filter(({ event }) => event.context.page.path === at)
          .map(({ event }) => event.event ?? event.type);
        assert.deepEqual(names.sort(), ["Made", "page"]);
        const library = src("") || site.origin;
        const automatic = asked.filter((url) => url.includes("automatic"));
        assert.deepEqual(automatic, [
          `${library}/waymark/waymark.automatic.js`,
        ]);
      } finally {
        await page.close();
        await site.close();
      }
    });
  }
}
