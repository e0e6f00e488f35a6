import type {
  Context,
  MiddlewareFunction,
  Plugin,
  SegmentEvent,
} from "@segment/analytics-next";

/** Gives every tracked event a currency. */
export const currency: Plugin = {
  name: "Currency",
  type: "enrichment",
  version: "1.0.0",
  isLoaded: () => true,
  load: () => Promise.resolve(),
  track: (ctx: Context) => {
    ctx.updateEvent("properties.currency", "EUR");
    return ctx;
  },
};

/** A destination of the shop's own, which keeps its events. */
export class Shelf implements Plugin {
  name = "Shelf";
  type = "destination" as const;
  version = "1.0.0";
  kept: SegmentEvent[] = [];
  isLoaded = () => true;
  load = () => Promise.resolve();
  track = (ctx: Context) => {
    this.kept.push(ctx.event);
    return ctx;
  };
}

/** Removes the e-mail address before an event is sent. */
export const withoutEmail: MiddlewareFunction = ({ payload, next }) => {
  if (payload.obj.traits?.email) delete payload.obj.traits.email;
  next(payload);
};
