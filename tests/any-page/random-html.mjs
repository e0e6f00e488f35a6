// @ts-check
// What a random page and the clean page around it consist of.

/** @typedef {import("./random-page.mjs").RandomPage} RandomPage */

/** How many calls a page makes. */
export const CALLS = 6;
/** @param {number} run */
const calls = (run) => {
  const bag = (/** @type {number} */ n) => `{ run: ${run}, n: ${n} }`;
  return [
    `page("Home", ${bag(0)})`,
    `track("Product Viewed", { ...${bag(1)}, price: 49.5, sizes: ["S"] })`,
    `identify("u", ${bag(2)})`,
    `track("Order Completed", { ...${bag(3)}, products: [{ product_id: "p" }] })`,
    `group("g", ${bag(4)})`,
    `track("Signed Out", ${bag(5)})`,
  ];
};

/**
 * Sent as text to the clean page around the frames, in whose realm it runs, so that nothing which
 * the frame's page replaces reaches it.
 *
 * @param {number} callCount
 * @param {number} deadlineMs
 */
export function cleanPage(callCount, deadlineMs) {
  /** @type {string[]} */
  let errors = [];
  /** @type {any} */
  let client;
  const note = (/** @type {string} */ what, /** @type {any} */ error) => {
    const stack = String(error?.stack ?? "");
    // The page's own scripts may throw.
    if (stack && !stack.includes("/waymark/")) return;
    errors.push(`${what}: ${stack || String(error)}`.slice(0, 600));
  };
  const thrown = (/** @type {any} */ error) =>
    errors.push(`a call throws: ${error?.stack ?? error}`.slice(0, 600));

  async function emptied() {
    localStorage.clear();
    sessionStorage.clear();
    for (const cookie of document.cookie.split("; ")) {
      document.cookie = `${cookie.split("=")[0]}=; max-age=0; path=/`;
    }
    await new Promise((done) => {
      const deletion = indexedDB.deleteDatabase("waymark");
      for (const end of ["success", "error", "blocked"]) {
        deletion.addEventListener(end, done);
      }
    });
  }

  /** @returns {any} the page's report, or undefined before there is one */
  function report() {
    try {
      return client?.delivery();
    } catch (error) {
      thrown(error);
    }
  }

  const sum = (/** @type {any} */ counts) =>
    /** @type {number[]} */ (
      Object.values(counts ?? {}).filter((one) => typeof one === "number")
    ).reduce((all, one) => all + one, 0);

  /** Whether nothing more can come of the calls. @param {any} delivery */
  const isSettled = (delivery) =>
    delivery?.pending === 0 &&
    delivery.accepted + sum(delivery.refused) >= callCount;

  /** @param {string} url */
  async function show(url) {
    errors = [];
    client = undefined;
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
    const end = performance.now() + deadlineMs;
    /** @type {any} */
    let delivery;
    do {
      await new Promise((next) => setTimeout(next, 20));
      delivery = report();
    } while (
      !isSettled(delivery) &&
      errors.length === 0 &&
      performance.now() < end
    );
    const counted = sum(delivery?.dropped) + sum(delivery?.refused);
    const outcome = { errors, counted, delivery: JSON.stringify(delivery) };
    frame.remove();
    await emptied();
    return outcome;
  }

  Object.assign(window, {
    stage: {
      show,
      /** A page has begun: watches what is thrown into it. @param {Window} page */
      enter(page) {
        const on = EventTarget.prototype.addEventListener;
        on.call(page, "error", (event) => {
          const { error, message, filename } = /** @type {ErrorEvent} */ (
            event
          );
          note("an error", error ?? `${message} ${filename}`);
        });
        on.call(page, "unhandledrejection", (event) =>
          note(
            "an unhandled rejection",
            /** @type {PromiseRejectionEvent} */ (event).reason,
          ),
        );
      },
      /** Takes the page's client. @param {unknown} given */
      watch(given) {
        client = given;
      },
      /** Makes a call of the page. @param {() => any} call */
      call(call) {
        try {
          call()?.then?.(undefined, thrown);
        } catch (error) {
          thrown(error);
        }
      },
    },
  });
}

/**
 * A random page, which records events that carry the number of its run.
 *
 * @param {RandomPage} page
 * @param {number} run
 * @param {string} origin of the page: it may have a `base`
 * @param {string} apiHost
 */
export function pageHtml({ build, parts }, run, origin, apiHost) {
  const options = JSON.stringify({
    integrations: { "Segment.io": { apiHost, protocol: "http" } },
    ...(process.env.WAYMARK_ENGINE === "js" && { engine: "js" }),
  });
  const script = `stage.watch(analytics);
    stage.call(() => void analytics.load({ writeKey: "demo-browser-key" }, ${options}));
    ${calls(run)
      .map((call) => `stage.call(() => analytics.${call});`)
      .join("\n    ")}`;
  const heads = parts
    .filter(({ head }) => head)
    .map(({ head }) => `<script>try { ${head} } catch {}</script>`);
  const library =
    build === "modules"
      ? `<script type="module">
          import { AnalyticsBrowser } from "${origin}/waymark/index.js";
          const analytics = new AnalyticsBrowser();
          ${script}
        </script>`
      : `<script src="${origin}/waymark/waymark.iife.js"></script><script>${script}</script>`;
  return `<!doctype html><meta charset="utf-8"><title>Shop</title>
    <script>const stage = parent.stage; stage.enter(window);</script>
    ${parts.map(({ html }) => html ?? "").join("\n")}
    ${heads.join("\n")}
    ${library}`;
}
