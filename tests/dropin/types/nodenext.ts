// A module that resolves as Node.js does: the declarations it reaches must import each other by
// full path.
import { AnalyticsBrowser, type Context } from "@segment/analytics-next";

const analytics = AnalyticsBrowser.load({ writeKey: "k" });

export const done: Promise<string | undefined> = analytics
  .track("E", { price: 1 })
  .then((ctx: Context) => ctx.event.messageId);
export const host: Promise<string | undefined> = analytics.then(
  ([client]) => client.settings.apiHost,
);
