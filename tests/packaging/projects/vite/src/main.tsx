import { createRoot } from "react-dom/client";
import { SegmentProvider, TrackedButton, TrackedPage } from "waymark/react";

const options = {
  integrations: {
    "Segment.io": { apiHost: `${location.host}/v1`, protocol: "http" },
  },
} as const;

createRoot(document.getElementById("root")!).render(
  <SegmentProvider writeKey="demo-browser-key" options={options}>
    <TrackedPage name="Home" />
    <TrackedButton eventName="Bundled" properties={{ by: "Vite" }}>
      Buy
    </TrackedButton>
  </SegmentProvider>,
);
