import {
  AnalyticsBrowser,
  type AnalyticsBrowserSettings,
  type InitOptions,
} from "@segment/analytics-next";
import { currency } from "./plugins";

const writeKey = "demo-browser-key";
const apiHost = new URLSearchParams(location.search).get("api") ?? "";

const settings: AnalyticsBrowserSettings = {
  cdnSettings: { integrations: { "Segment.io": { apiKey: writeKey } } },
  plugins: [currency],
  writeKey,
};
const options: InitOptions = {
  integrations: { "Segment.io": { apiHost, protocol: "http" } },
};

export const analytics = AnalyticsBrowser.load(settings, options);
