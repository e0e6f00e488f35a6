import { AnalyticsBrowser } from "waymark";
import { EcommerceTracker } from "waymark/ecommerce";
import { enforcePlan, type Planned } from "waymark/plan";
import { CURRENCY } from "./catalog/money";
import type { TrackingPlan } from "./tracking-plan";

const env = import.meta.env;

/**
 * The shop's one analytics client. By default it sends to the server that the shop came from,
 * which in the demo is the gateway. `VITE_WAYMARK_*` variables point it elsewhere.
 */
export const client = AnalyticsBrowser.load(
  { writeKey: env.VITE_WAYMARK_WRITE_KEY ?? "demo-browser-key" },
  {
    gateway: true,
    integrations: {
      "Segment.io": {
        apiHost: env.VITE_WAYMARK_API_HOST ?? `${location.host}/v1`,
        protocol:
          env.VITE_WAYMARK_PROTOCOL ??
          (location.protocol === "http:" ? "http" : "https"),
      },
    },
  },
);

/** The client, typed so that `track` takes only the events of the shop's tracking plan. */
export const analytics: Planned<TrackingPlan> = client;

/** Sends the events of Segment's ecommerce spec. */
export const shop = new EcommerceTracker(client, { currency: CURRENCY });

/** In development, warns of events that break the tracking plan. */
enforcePlan(client, () => import("../tracking-plan.json"));
