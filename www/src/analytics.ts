import { AnalyticsBrowser } from "waymark";
import { EcommerceTracker } from "waymark/ecommerce";
import { enforcePlan, type Planned } from "waymark/plan";
import { CURRENCY } from "./catalog/money";
import type { TrackingPlan } from "./tracking-plan";

const env = import.meta.env;

/**
 * The shop's one analytics client. Without settings it sends to the server the shop came
 * from, which in the demo is the gateway; `VITE_WAYMARK_*` variables point it elsewhere.
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

/** The client, whose `track` takes the events of the shop's tracking plan only. */
export const analytics: Planned<TrackingPlan> = client;

/** The events of Segment's ecommerce spec. */
export const shop = new EcommerceTracker(client, { currency: CURRENCY });

/** In development, warns of events that are not as planned. */
enforcePlan(client, () => import("../tracking-plan.json"));
