// The types of a plan accept and refuse events; compiled by tracking-plan.test.mjs.
import { AnalyticsBrowser } from "waymark";
import type { Planned } from "waymark/plan";
import type { Product, TrackingPlan } from "./tracking-plan";

const analytics: Planned<TrackingPlan> = AnalyticsBrowser.load({
  writeKey: "k",
});

const product: Product = { product_id: "p", price: 1, size: null };
void analytics.track("Cart Viewed", { cart_id: "c", products: [product] });
void analytics.track("Signed Out");
void analytics.track("Signed Out", {}, { integrations: { A: false } });
void analytics.track("Anything", { note: 1, other: true });
void analytics.identify("user_1");

// @ts-expect-error The event is not in the plan.
void analytics.track("Cart Opened");
// @ts-expect-error Its properties are required.
void analytics.track("Cart Viewed");
// @ts-expect-error One of them is missing.
void analytics.track("Cart Viewed", { products: [] });
// @ts-expect-error It is of another type.
void analytics.track("Cart Viewed", { cart_id: 1, products: [] });
// @ts-expect-error It is not in the plan.
void analytics.track("Cart Viewed", { cart_id: "c", products: [], x: 1 });
void analytics.track("Cart Viewed", {
  cart_id: "c",
  // @ts-expect-error It is not one of the sizes.
  products: [{ product_id: "p", price: 1, size: "XL" }],
});
// @ts-expect-error It has no properties.
void analytics.track("Signed Out", { reason: "bored" });
