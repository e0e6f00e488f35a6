import { AnalyticsBrowser } from "waymark";

const env = import.meta.env;

/**
 * The shop's one analytics client. Without settings it sends to the server the shop came
 * from, which in the demo is the gateway; `VITE_WAYMARK_*` variables point it elsewhere.
 */
export const analytics = AnalyticsBrowser.load(
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
