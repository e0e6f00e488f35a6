/** Automatic recording, fetched if the options of `load` ask for any. */
import type { Gate } from "../consent/gate";
import type { AnalyticsClient } from "../model/plugin";
import { autoPage } from "./auto-page";
import type { Call, copyCall } from "../call/call";
import { declarative } from "./declarative";
import type { PageFacts } from "../page/page";
import type { PageLeft } from "./page-left";

/** The client as automatic recording sees it. */
export interface AutomaticClient extends AnalyticsClient {
  readonly gate: Gate | undefined;
  readonly courier: { record(call: Call): unknown };
}

/**
 * Starts automatic recording; `first` is the page of `load`, `apiUrl` the address of the API.
 * `copy` is an argument because importing it would add a shared script to every page.
 */
export function automatic(
  analytics: AutomaticClient,
  first: PageFacts,
  copy: typeof copyCall,
  apiUrl: string,
): void {
  const { options } = analytics;
  const { autoPage: pages, declarative: marked, identityEndpoint } = options;
  if (pages) {
    const begin = (left?: PageLeft) =>
      autoPage(
        (stay) =>
          stay ? copy("track", ["Page Left", stay]) : copy("page", []),
        (call) => analytics.courier.record(call),
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
  if (identityEndpoint === true || typeof identityEndpoint === "string") {
    void import("./identity-renewal")
      .then(({ renewIdentity }) =>
        renewIdentity(
          analytics,
          // The gateway's route, beside those that take events.
          identityEndpoint === true ? `${apiUrl}/identity` : identityEndpoint,
        ),
      )
      .catch(console.warn);
  }
}
