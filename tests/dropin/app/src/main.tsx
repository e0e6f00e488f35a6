import { createRoot } from "react-dom/client";
import { analytics } from "./analytics";
import { Shelf, withoutEmail } from "./plugins";
import { Shop } from "./shop";

declare global {
  interface Window {
    visit: { done?: unknown };
  }
}

const shelf = new Shelf();
const heard: string[] = [];
analytics.on("track", (name: string) => heard.push(name));

/** A visit's calls, each awaited, so that both clients send in the same order. */
async function visit(): Promise<void> {
  await analytics.addSourceMiddleware(withoutEmail);
  await analytics.register(shelf);
  await analytics.page("Shop", "Home", { sale: true });
  await analytics.alias("u-1", "visitor-1");
  await analytics.identify("u-1", { email: "a@b.example", plan: "pro" });
  await analytics.group("g-1", { name: "Climbers" });
  await analytics.track(
    "Cart Viewed",
    { total: 0 },
    { integrations: { Own: false } },
  );
  await analytics.track({
    type: "track",
    event: "Checkout",
    properties: { step: 1 },
  });
  await analytics.screen("Wide");
  const user = await analytics.user();
  const group = await analytics.group();
  await analytics.ready();
  window.visit.done = {
    group: [group.id(), group.traits()],
    heard,
    kept: shelf.kept.map(({ event, properties }) => ({ event, properties })),
    user: [user.id(), user.traits()],
  };
}

window.visit = {};
const root = document.getElementById("root");
if (root) createRoot(root).render(<Shop onVisit={visit} />);
