"use client";
import type { ReactNode } from "react";
import { SegmentProvider } from "waymark/react";
import { PageViews } from "waymark/react/next";

/** Where the gateway is; without it events go to Segment itself. */
const GATEWAY = process.env.NEXT_PUBLIC_GATEWAY ?? "127.0.0.1:8080";
const OPTIONS = {
  integrations: {
    "Segment.io": { apiHost: `${GATEWAY}/v1`, protocol: "http" as const },
  },
};

/** One client for all pages, and a page view for each route. */
export function Analytics({ children }: { children: ReactNode }) {
  return (
    <SegmentProvider writeKey="demo-browser-key" options={OPTIONS}>
      <PageViews />
      {children}
    </SegmentProvider>
  );
}
