// The types of `waymark/react` accept and refuse code. Compiled, not run.
import { AnalyticsBrowser as Peer } from "@segment/analytics-next";
import type { ComponentPropsWithoutRef, FC } from "react";
import { useRef } from "react";
import { Link } from "react-router";
import { AnalyticsBrowser, SegmentBrowserService } from "waymark";
import {
  SegmentProvider,
  TrackedButton,
  TrackedLink,
  TrackedPage,
  TrackVisibility,
  useAnalytics,
  useImpression,
  usePageTracking,
  useSegment,
  useTrackForm,
  type SegmentClient,
} from "waymark/react";

const client = AnalyticsBrowser.load({ writeKey: "k" });
const clients: SegmentClient[] = [client, Peer.load({ writeKey: "k" })];

export const providers = [
  <SegmentProvider key="1" writeKey="k" />,
  <SegmentProvider key="2" writeKey="k" cdnURL={undefined} />,
  <SegmentProvider key="3" client={client} />,
  <SegmentProvider key="4" client={clients[1]!} />,
  // @ts-expect-error neither a key nor a client
  <SegmentProvider key="5" />,
  // @ts-expect-error both
  <SegmentProvider key="6" writeKey="k" client={client} />,
];

export const Components: FC = () => {
  const anchor = useRef<HTMLAnchorElement>(null);
  const seen = useImpression<HTMLLIElement>("Seen", { threshold: 0.5 });
  usePageTracking(undefined);
  useAnalytics()?.consent?.update({ analytics: true });
  useAnalytics<SegmentClient>()?.track("E");
  // @ts-expect-error undefined on a server
  useAnalytics().debug();
  const button: ComponentPropsWithoutRef<"button"> = {
    type: "submit",
    disabled: true,
  };
  return (
    <TrackedPage name="Types">
      <TrackedLink
        href="/a"
        eventName="A"
        ref={anchor}
        onClick={(event) => event.currentTarget.href}
      />
      <TrackedLink as={Link} to="/b" replace eventName="B" />
      <TrackedButton {...button} eventName="C" />
      <TrackVisibility as="section" eventName="D" aria-label="D" />
      <ul>
        <li ref={seen} />
      </ul>
      {/* @ts-expect-error a router's link needs to know where to */}
      <TrackedLink as={Link} eventName="E" />
      {/* @ts-expect-error an event has a name */}
      <TrackedButton />
      {/* @ts-expect-error a button goes nowhere */}
      <TrackedButton href="/f" eventName="F" />
    </TrackedPage>
  );
};

export function useCalls(): void {
  const { track, identify, group } = useSegment();
  const { trackError } = useTrackForm("Form");
  track("A", { at: 1 }, { integrations: { All: false } });
  identify(undefined, { plan: "gold" });
  // @ts-expect-error a group has an id
  group();
  // @ts-expect-error an event has a name
  track();
  // @ts-expect-error what was wrong is text
  trackError(404);
}

const service = new SegmentBrowserService("k");
export const id: Promise<string | undefined> = service.getUserId();
// @ts-expect-error a destination is on or off
service.setIntegrations({ Mixpanel: "off" });
