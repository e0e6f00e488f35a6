import { AnalyticsBrowser } from "./waymark/index.js";

const analytics = AnalyticsBrowser.load(
  { writeKey: "demo-browser-key" },
  {
    integrations: {
      "Segment.io": { apiHost: `${location.host}/v1`, protocol: "http" },
    },
  },
);

analytics.page("Home");
document.querySelector("button").addEventListener("click", () => {
  analytics.track("Bundled", { by: "plain" });
});
