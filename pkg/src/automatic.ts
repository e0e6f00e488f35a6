/** What a client does by itself, where `load` was asked to: fetched then. */
import type { Analytics } from "./analytics";
import { autoPage } from "./auto-page";
import type { copyCall } from "./call";
import { declarative } from "./declarative";
import type { PageFacts } from "./page";

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
    autoPage(
      () => copy("page", []),
      (call) => analytics.record(call),
      first,
    );
  }
  if (marked) declarative(analytics);
  if (identityEndpoint) {
    void import("./identity-renewal").then(
      ({ renewIdentity }) => renewIdentity(analytics, identityEndpoint),
      console.warn,
    );
  }
}
