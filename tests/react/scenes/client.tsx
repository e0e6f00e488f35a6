// What a component does with the provider's client itself.
import { type FC, useEffect } from "react";
import { SegmentProvider, useAnalytics, useSegment } from "waymark/react";
import { options, stage } from "./scenes";

function Question() {
  const analytics = useAnalytics();
  const { track } = useSegment();
  useEffect(() => {
    track("Product List Viewed");
    stage.track = track;
  }, [track]);
  return (
    <button onClick={() => analytics?.consent?.update({ analytics: true })}>
      Agree
    </button>
  );
}

/** A shop that asks before it records. */
export const Asking: FC = () => (
  <SegmentProvider
    writeKey="demo-browser-key"
    options={{ ...options(), consent: "required" }}
  >
    <Question />
  </SegmentProvider>
);

/** A component outside of a provider. */
export const Unasked: FC = () => <Question />;
