import { SegmentProvider } from "waymark/react";
import { PageViews } from "waymark/react/next-pages";

const OPTIONS = {
  integrations: {
    "Segment.io": {
      apiHost: `${process.env.NEXT_PUBLIC_GATEWAY}/v1`,
      protocol: "http",
    },
  },
};

export default function App({ Component, pageProps }) {
  return (
    <SegmentProvider writeKey="demo-browser-key" options={OPTIONS}>
      <PageViews properties={{ router: "pages" }} />
      <Component {...pageProps} />
    </SegmentProvider>
  );
}
