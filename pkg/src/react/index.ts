"use client";
/** The entry `waymark/react`, for React 18 and 19. On a server no client starts. */
export type { Properties, SegmentCalls, SegmentClient } from "./segment-client";
export { SegmentProvider, type SegmentProviderProps } from "./SegmentProvider";
export {
  TrackedButton,
  type TrackedButtonComponent,
  type TrackedButtonProps,
} from "./TrackedButton";
export {
  TrackedLink,
  type TrackedLinkComponent,
  type TrackedLinkProps,
} from "./TrackedLink";
export { TrackedPage, type TrackedPageProps } from "./TrackedPage";
export {
  TrackVisibility,
  type TrackVisibilityComponent,
  type TrackVisibilityProps,
} from "./TrackVisibility";
export { useAnalytics } from "./useAnalytics";
export { type ImpressionOptions, useImpression } from "./useImpression";
export { type PageTrackingOptions, usePageTracking } from "./usePageTracking";
export { type SegmentContextValue, useSegment } from "./useSegment";
export { useTrackClick } from "./useTrackClick";
export { type FormTracking, useTrackForm } from "./useTrackForm";
