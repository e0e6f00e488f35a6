/** Without a compiler: as Node.js itself writes tests. */
const { createElement } = require("react");
const { renderToString } = require("react-dom/server");
const { AnalyticsBrowser } = require("waymark");
const { SegmentProvider, useSegment } = require("waymark/react");
const { analytics } = require("waymark/testing/setup");
const { RecordingClient } = require("waymark/testing");

test("entries that are required share the client and the context", () => {
  expect(analytics).toBeInstanceOf(RecordingClient);
  expect(analytics).toBeInstanceOf(AnalyticsBrowser);
  const Tile = () => {
    useSegment().track("Rendered");
    return null;
  };
  const provider = { client: analytics };
  renderToString(createElement(SegmentProvider, provider, createElement(Tile)));
  expect(analytics).toHaveTrackedTimes("Rendered", 1);
});
