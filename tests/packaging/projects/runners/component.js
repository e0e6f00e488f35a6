// Tests of components as a shop writes them, with nothing mocked, for either runner.
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { AnalyticsBrowser, segmentBrowser } from "waymark";
import {
  SegmentProvider,
  TrackedButton,
  TrackVisibility,
  usePageTracking,
  useSegment,
} from "waymark/react";
import { analytics as recorded } from "waymark/testing/setup";

const host = process.env.LISTENING_SERVER;
const api = { apiHost: `${host}/v1`, protocol: "http" };
const settings = { writeKey: "shop", cdnURL: `http://${host}` };
const options = { autoPage: true, integrations: { "Segment.io": api } };

function Product() {
  const { isReady, track } = useSegment();
  usePageTracking("Product");
  const buy = () => track("Bought", { quantity: 1 });
  return createElement(
    "main",
    null,
    createElement(TrackVisibility, { eventName: "Seen" }, String(isReady)),
    createElement("button", { id: "buy", onClick: buy }),
    createElement(TrackedButton, { id: "save", eventName: "Saved" }),
  );
}

/** Renders, clicks all buttons, and gives the text. */
async function visit(provider) {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const app = createElement(SegmentProvider, provider, createElement(Product));
  act(() => root.render(app));
  for (const button of place.querySelectorAll("button")) {
    act(() => button.click());
  }
  // Whatever comes late, comes while the component is there.
  await new Promise((done) => setTimeout(done, 50));
  const text = place.textContent;
  act(() => root.unmount());
  place.remove();
  return text;
}

/** The tests, for a runner's `test` and `expect`. */
export function component(test, expect) {
  test("a component is rendered and used", async () => {
    expect(await visit({ ...settings, options })).toBe("true");
  });

  test("a client is loaded, and takes calls", async () => {
    const client = AnalyticsBrowser.load(settings, options);
    const [analytics] = await client;
    const context = await analytics.track("Bought");
    expect(context.event.event).toBe("Bought");
    await client.identify("u1");
    await segmentBrowser.initialize({ writeKey: "another", options });
    await client.reset();
  });

  for (const turn of ["first", "second"]) {
    test(`what a component records is seen, the ${turn} time`, async () => {
      expect(recorded).not.toHaveTracked("Bought");
      await visit({ client: recorded });
      expect(recorded).toHaveTracked("Bought", { quantity: 1 });
      expect(recorded).toHaveTrackedTimes("Saved", 1);
      expect(recorded).toHaveViewedPage("Product");
      await recorded.identify("u1");
      expect(recorded).toHaveIdentified("u1");
    });
  }

  test("a test that is over at once leaves nothing behind", () => {
    AnalyticsBrowser.load({ ...settings, writeKey: "late" }, options).page();
  });
}
