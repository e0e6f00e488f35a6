// @ts-check
// The middleware and the router of `waymark/server` in applications of Express 4 and 5, over HTTP,
// with the real gateway behind them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import express from "express";
// @ts-expect-error Its types are those of version 5.
import express4 from "express-4";
import {
  SegmentServerService,
  segmentRouter,
  segmentTrackingMiddleware,
} from "waymark/server";
import { startGateway } from "../support/gateway.mjs";
import { listen, shut } from "../support/local-server.mjs";

/** @type {import("../support/gateway.mjs").Gateway} */
let gateway;
/** @type {SegmentServerService} */
let service;
/** Events that earlier tests left. */
let seen = 0;
before(async () => {
  gateway = await startGateway();
  service = new SegmentServerService({
    host: gateway.url,
    writeKey: "demo-server-key",
  });
});
after(async () => {
  await service?.close();
  await gateway?.stop();
});
beforeEach(async () => {
  seen = (await gateway.exportEvents()).length;
});

/** The events of this test. */
async function events() {
  await service.flush();
  const all = await gateway.exportEvents();
  return all.slice(seen).map(({ event }) => event);
}

/**
 * Serves an application while something is done with it.
 *
 * @param {import("node:http").RequestListener} app
 * @param {(url: string) => Promise<void>} during
 */
async function served(app, during) {
  const server = createServer(app);
  const host = await listen(server);
  try {
    await during(`http://${host}`);
  } finally {
    await shut(server);
  }
}

const AS_ANN = { "x-user": "ann" };
const BROWSER = {
  "accept-language": "nb-NO,nb;q=0.9",
  cookie: "theme=dark; ajs_anonymous_id=%22a-1%22",
  referer: "https://search.example/?q=mugs&token=secret",
  "user-agent": "Shop/1",
};

/** @type {[string, typeof express][]} */
const VERSIONS = [
  ["4", /** @type {any} */ (express4)],
  ["5", express],
];
for (const [version, framework] of VERSIONS) {
  /** @param {import("waymark/server").TrackingOptions} [options] */
  const pages = (options) => {
    const app = framework();
    app.set("trust proxy", "loopback");
    app.use((request, _, next) => {
      const id = request.get("x-user");
      if (id) Object.assign(request, { user: { id } });
      next();
    });
    app.use(segmentTrackingMiddleware({ service, ...options }));
    app.use((_, response) => void response.send("page"));
    return app;
  };

  test(`Express ${version}: a page view has the visitor, the page and where it is from`, async () => {
    await served(pages(), async (url) => {
      const headers = { ...BROWSER, "x-forwarded-for": "203.0.113.9" };
      const answer = await fetch(`${url}/cart?code=1`, { headers });
      assert.equal(await answer.text(), "page");
      const [page, ...more] = await events();
      assert.deepEqual(more, []);
      assert.deepEqual([page.type, page.name], ["page", "/cart"]);
      assert.deepEqual([page.userId, page.anonymousId], [undefined, "a-1"]);
      const { ip, userAgent, locale } = page.context;
      assert.deepEqual(
        [ip, userAgent, locale],
        ["203.0.113.9", "Shop/1", "nb-NO"],
      );
      const { path, url: address, referrer, query } = page.properties;
      assert.deepEqual(
        [path, address, query],
        ["/cart", `${url}/cart`, undefined],
      );
      assert.match(referrer, /^https:\/\/search.example\/\?q=mugs&token=/);
      assert.ok(!referrer.includes("secret"));
    });
  });

  test(`Express ${version}: only pages of visitors who are known count`, async () => {
    await served(pages(), async (url) => {
      const ask = async (
        /** @type {string} */ path,
        headers = {},
        method = "GET",
      ) => {
        const answer = await fetch(`${url}${path}`, { headers, method });
        assert.equal(answer.status, 200);
      };
      await ask("/nobody");
      await ask("/health", BROWSER);
      await ask("/health/deep?x=1", BROWSER);
      await ask("/order", BROWSER, "POST");
      await ask("/long", { "x-anonymous-id": "x".repeat(1025) });
      await ask("/broken", { cookie: "ajs_anonymous_id=%E0%A4%A" });
      await ask("/healthy-food", { "x-anonymous-id": "app-1" });
      await ask("/account", { ...BROWSER, ...AS_ANN });
      const known = (await events()).map((event) => [
        event.name,
        event.userId,
        event.anonymousId,
      ]);
      assert.deepEqual(known, [
        ["/broken", undefined, "%E0%A4%A"],
        ["/healthy-food", undefined, "app-1"],
        ["/account", "ann", "a-1"],
      ]);
    });
  });

  test(`Express ${version}: queries without their secrets, other paths, and an event's name`, async () => {
    const app = pages({
      excludePaths: ["/api/"],
      includeQueryParams: true,
      trackingEventName: "Page Viewed",
    });
    await served(app, async (url) => {
      for (const path of ["/api/cart", "/health?a=1&a=2&b=3&token=secret"]) {
        await fetch(`${url}${path}`, { headers: BROWSER });
      }
      const [track, ...more] = await events();
      assert.deepEqual(more, []);
      assert.deepEqual([track.type, track.event], ["track", "Page Viewed"]);
      const { path, url: address, query } = track.properties;
      assert.equal(path, "/health");
      assert.deepEqual([query.a, query.b], [["1", "2"], "3"]);
      assert.ok(address.startsWith(`${url}/health?a=1&a=2&b=3&token=`));
      assert.ok(!JSON.stringify(track).includes("secret"));
    });
  });

  for (const parser of ["its own parser", "express.json"]) {
    const routed = () => {
      const app = framework();
      if (parser === "express.json") app.use(framework.json());
      app.use("/segment", segmentRouter(service));
      return app;
    };
    /** @param {string} url @param {unknown} body */
    const post = async (url, body) => {
      const answer = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "user-agent": "Shop/1",
        },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return [answer.status, await answer.json()];
    };

    test(`Express ${version}, ${parser}: the routes store their events`, async () => {
      await served(routed(), async (url) => {
        for (const [path, body] of /** @type {[string, unknown][]} */ ([
          ["/identify", { userId: "u", traits: { plan: "gold" } }],
          ["/track", { anonymousId: "a", event: "Bought", properties: {} }],
          ["/page", { userId: 12, category: "Shop", name: "Cart" }],
          ["/group", { userId: "u", groupId: "acme", traits: { seats: 3 } }],
          ["/alias/", { userId: "u", previousId: "a" }],
          ["/flush", {}],
        ])) {
          const said = await post(`${url}/segment${path}`, body);
          assert.deepEqual(said, [200, { success: true }], path);
        }
        const all = (await gateway.exportEvents()).slice(seen);
        assert.deepEqual(
          all.map(({ type, userId, anonymousId }) => [
            type,
            userId,
            anonymousId,
          ]),
          [
            ["identify", "u", null],
            ["track", null, "a"],
            ["page", "12", null],
            ["group", "u", null],
            ["alias", "u", null],
          ],
        );
        const [identify, , page, group] = all.map(({ event }) => event);
        assert.deepEqual(identify.traits, { plan: "gold" });
        assert.match(identify.context.ip, /127\.0\.0\.1/);
        assert.equal(identify.context.userAgent, "Shop/1");
        assert.deepEqual([page.category, page.name], ["Shop", "Cart"]);
        assert.deepEqual([group.groupId, group.traits], ["acme", { seats: 3 }]);
      });
    });

    test(`Express ${version}, ${parser}: what makes no event is answered 400`, async () => {
      const ids = "userId or anonymousId is required";
      const both = "userId and previousId are required";
      await served(routed(), async (url) => {
        for (const [
          path,
          body,
          error,
        ] of /** @type {[string, unknown, string][]} */ ([
          ["/identify", { traits: {} }, ids],
          ["/track", { userId: "u" }, "Event name is required"],
          ["/track", { event: "Nobody" }, ids],
          ["/page", { name: "Nobody" }, ids],
          ["/group", { userId: "u" }, "groupId is required"],
          ["/group", { groupId: "acme" }, ids],
          ["/alias", { userId: "u" }, both],
          ["/alias", { previousId: "a" }, both],
          ["/track", { userId: {}, event: "E" }, "userId must be a text"],
          [
            "/identify",
            { userId: "u", traits: [] },
            "traits must be an object",
          ],
          ["/track", [1], "the body must be a JSON object"],
        ])) {
          const said = await post(`${url}/segment${path}`, body);
          assert.deepEqual(said, [400, { error }]);
        }
        assert.deepEqual(await events(), []);
      });
    });
  }

  test(`Express ${version}: other paths and methods go on, and bodies have a limit`, async () => {
    const app = framework();
    app.use("/segment", segmentRouter(service));
    app.use((_, response) => void response.status(404).send("other"));
    await served(app, async (url) => {
      const other = await fetch(`${url}/segment/other`, { method: "POST" });
      assert.equal(await other.text(), "other");
      assert.equal((await fetch(`${url}/segment/track`)).status, 404);
      const post = (/** @type {string} */ body) =>
        fetch(`${url}/segment/track`, { method: "POST", body });
      assert.equal((await post("{")).status, 400);
      assert.equal((await post(`"${"x".repeat(70_000)}"`)).status, 413);
      assert.deepEqual(await events(), []);
    });
  });
}
