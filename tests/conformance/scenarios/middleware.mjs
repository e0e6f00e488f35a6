// @ts-check
// Source and destination middleware.
import assert from "node:assert/strict";
import { plugin } from "../plugin-code.mjs";

/** Bodies of a source middleware with `payload`, `next` and `integrations` in scope. */
const BODIES = {
  "changes the event": `payload.obj.properties.added = 1; payload.obj.context.mine = true; next(payload);`,
  "calls next with null": `next(null);`,
  "renames the event": `payload.obj.event = "Renamed"; next(payload);`,
  "switches a destination off": `payload.obj.integrations = { X: false }; next(payload);`,
  "reads the payload": `log.push(payload.obj.type, payload.obj.event, typeof payload.json, payload.type?.(), payload.event?.()); next(payload);`,
  "reads the integrations": `log.push(integrations); next(payload);`,
};

/** @type {import("../scenario.mjs").Scenario[]} */
export const scenarios = [
  ...Object.entries(BODIES).map(([what, body]) => ({
    name: `a source middleware that ${what}`,
    code: `await a.addSourceMiddleware(({ payload, next, integrations }) => { ${body} });
      await a.track("E", { p: 1 });`,
  })),
  {
    name: "a source middleware that calls next after it has returned is too late",
    code: `let late;
      await a.addSourceMiddleware(({ payload, next }) => { late = () => next(payload); });
      const ctx = await a.track("E");
      late();
      return ctx.failedDelivery()?.reason.type;`,
    events: 0,
  },
  {
    name: "a source middleware that does not call next drops the event",
    code: `await a.addSourceMiddleware(({ payload, next }) => { if (payload.obj.event !== "Drop") next(payload); });
      const ctx = await a.track("Drop");
      await a.track("Keep");
      return ctx.failedDelivery().reason.type;`,
  },
  {
    name: "source middleware runs in the order of registration",
    code: `await a.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.list = [1]; next(payload); });
      await a.addSourceMiddleware(({ payload, next }) => { payload.obj.properties.list.push(2); next(payload); });
      await a.track("E");`,
  },
  {
    name: "a source middleware sees every kind of event",
    code: `await a.addSourceMiddleware(({ payload, next }) => { log.push(payload.obj.type); next(payload); });
      await a.track("E"); await a.page("N"); await a.screen("S"); await a.alias("new", "old");
      await a.group("g"); await a.identify("u");`,
    events: 6,
    stateless: true,
  },
  {
    name: "a source middleware runs after before plugins",
    code: `await a.addSourceMiddleware(({ payload, next }) => { log.push("middleware"); next(payload); });
      await a.register(${plugin("before", "Mine", `log.push("plugin")`)});
      await a.track("E");`,
  },
  {
    name: "a source middleware may be asynchronous",
    code: `await a.addSourceMiddleware(async ({ payload, next }) => { await null; payload.obj.properties.mw = 1; await next(payload); });
      await a.track("E");`,
  },
  {
    name: "a source middleware that throws does not hold the event forever",
    code: `await a.addSourceMiddleware(() => { throw new Error("broken"); });
      return a.track("E").then(() => "settled", () => "settled");`,
    events: 0,
    drain: false,
    peerHangs: true,
    better:
      "a call's promise settles within seconds, whatever a middleware does; Segment's client retries ten times over minutes",
    expect: ({ value }) => assert.equal(value, "settled"),
  },
  {
    name: "addSourceMiddleware resolves with the client",
    code: `const added = await a.addSourceMiddleware(({ payload, next }) => next(payload));
      return added === (await a)[0];`,
    events: 0,
  },
  {
    name: "addDestinationMiddleware resolves with the client and does not affect Segment",
    code: `const added = await a.addDestinationMiddleware("Segment.io", ({ next }) => next(null));
      await a.track("E");
      return added === (await a)[0];`,
  },
  {
    name: "a destination middleware leaves a registered plugin alone",
    code: `await a.register(${plugin("destination", "Dest", `log.push(ctx.event.properties)`)});
      await a.addDestinationMiddleware("Dest", ({ payload, next }) => { payload.obj.properties.mw = 1; next(payload); });
      await a.track("E");`,
  },
];
