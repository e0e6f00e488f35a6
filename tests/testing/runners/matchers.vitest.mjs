// Run by Vitest; see runners.test.mjs.
import { expect, test } from "vitest";
import { matchers, RecordingClient } from "waymark/testing";

expect.extend(matchers);

test("the matchers hold, and fail, as Vitest's own do", () => {
  const analytics = new RecordingClient();
  void analytics.track("Product Added", { price: 49.5, quantity: 1 });
  expect(analytics).toHaveTracked("Product Added", {
    price: expect.any(Number),
  });
  expect(analytics).not.toHaveTracked("Order Completed");
  expect(analytics).toHaveTrackedTimes("Product Added", 1);
  expect(() =>
    expect(analytics).toHaveTracked("Product Added", { price: 1 }),
  ).toThrow(/found \{"price":49.5/);
});
