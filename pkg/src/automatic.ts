/** What a client does by itself, where `load` was asked to: fetched then. */
import type { Analytics } from "./analytics";
import { autoPage } from "./auto-page";
import type { copyCall } from "./call";
import { declarative } from "./declarative";
import type { PageFacts } from "./page";
import type { PageLeft } from "./page-left";

/**
 * Begins it; `first` is the page of `load`. `copy` is given, as a script that several others
 * import would be one more for every page to load.
 */
export function automatic(
  analytics: Analytics,
  first: PageFacts,
  copy: typeof copyCall,
): void {
  const { options } = analytics;
  const { autoPage: pages, declarative: marked, identityEndpoint } = options;
  if (pages) {
    const begin = (left?: PageLeft) =>
      autoPage(
        (stay) =>
          stay ? copy("track", ["Page Left", stay]) : copy("page", []),
        (call) => analytics.record(call),
        first,
        left,
      );
    if (typeof pages === "object" && pages.leave) {
      void import("./page-left").then(
        ({ PageLeft }) => begin(new PageLeft()),
        () => begin(),
      );
    } else begin();
  }
  if (marked) declarative(analytics);
  if (identityEndpoint) {
    void import("./identity-renewal")
      .then(({ renewIdentity }) => renewIdentity(analytics, identityEndpoint))
      .catch(console.warn);
  }
}
