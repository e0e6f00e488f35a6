// A shop written for the copied code, with that code and with the package.
import type { FC, ReactNode } from "react";
import { useEffect } from "react";
import * as ours from "waymark/react";
import * as components from "../copied-kit/segment-tracking";
import { segmentBrowser } from "../copied-kit/segment-browser";
import * as hooks from "../copied-kit/use-segment";
import { options, stage } from "./scenes";

interface Kit {
  SegmentProvider: FC<{ children: ReactNode; writeKey: string }>;
  useSegment: typeof hooks.useSegment;
  usePageTracking: typeof hooks.usePageTracking;
  useTrackClick: typeof hooks.useTrackClick;
  useTrackForm: typeof hooks.useTrackForm;
  TrackedLink: typeof components.TrackedLink;
  TrackedButton: typeof components.TrackedButton;
  TrackedPage: typeof components.TrackedPage;
  TrackVisibility: typeof components.TrackVisibility;
}

const KEY = "demo-browser-key";

function OursWithOptions(props: { children: ReactNode; writeKey: string }) {
  return <ours.SegmentProvider {...props} options={options()} />;
}

/** A shop that uses all of a kit. */
function shopOf(kit: Kit): FC {
  const { TrackedPage, TrackedLink, TrackedButton, TrackVisibility } = kit;
  function Account() {
    const { identify, group, track, page, isReady } = kit.useSegment();
    const clicked = kit.useTrackClick("Size Guide Opened", { place: "page" });
    const form = kit.useTrackForm("Newsletter");
    useEffect(() => {
      stage.track = track;
    }, [track]);
    stage.set["account"] = () => {
      identify("user_1", { plan: "gold" });
      group("group_1", { size: 2 });
      page("Account", "Orders", { count: 3 });
      clicked({ product_id: "p1" });
      form.trackStart();
      form.trackError("No such address");
      form.trackSubmit({ topic: "tents" });
    };
    return isReady ? <p>ready</p> : null;
  }
  function Cart() {
    kit.usePageTracking("Cart", { total: 1 });
    return null;
  }
  return () => (
    <kit.SegmentProvider writeKey={KEY}>
      <Account />
      <Cart />
      <TrackedPage name="Product" category="Catalog" properties={{ id: "p1" }}>
        <TrackedLink
          href="#next"
          eventName="Went On"
          properties={{ place: "footer" }}
          className="link"
        >
          On
        </TrackedLink>
        <TrackedButton
          eventName="Pressed"
          properties={{ at: 1 }}
          onClick={() => stage.track("Own Handler")}
          className="button"
          disabled={false}
        >
          Press
        </TrackedButton>
      </TrackedPage>
      <TrackVisibility
        eventName="Promotion Viewed"
        properties={{ promotion_id: "spring" }}
        threshold={0.5}
      >
        <h1>Spring</h1>
      </TrackVisibility>
    </kit.SegmentProvider>
  );
}

/** The copied hooks, on the package's service. */
export const CopiedHooks: FC = shopOf({
  ...ours,
  ...hooks,
  // Its components need the package's provider, which another test covers.
  TrackedLink: ({ href, children }) => <a href={href}>{children}</a>,
  TrackedButton: ({ children }) => <button>{children}</button>,
  TrackedPage: ({ children }) => <>{children}</>,
  TrackVisibility: ({ children }) => <>{children}</>,
} as Kit);

/** The copied components, on the package's hooks. */
export const CopiedComponents: FC = shopOf({
  ...ours,
  ...components,
  SegmentProvider: OursWithOptions,
} as Kit);

/** The package for all of it. */
export const PackageKit: FC = shopOf({
  ...ours,
  SegmentProvider: OursWithOptions,
} as Kit);

/** The copied service, on the package's client. */
export const CopiedService: FC = () => {
  stage.set["service"] = async () => {
    await segmentBrowser.initialize();
    segmentBrowser.identify("user_1", { plan: "gold" });
    segmentBrowser.track("Served", { at: 1 });
    segmentBrowser.page("Shop", "Cart");
    segmentBrowser.ready(() => segmentBrowser.track("Done"));
    return [await segmentBrowser.getUserId(), await segmentBrowser.getTraits()];
  };
  return null;
};
