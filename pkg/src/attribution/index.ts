/** The entry `waymark/attribution`: touches and sessions (an extension of `load`), and links. */
import type { Extension } from "../model/extension";
import type { ReferrerOptions } from "./referrers";
import { sessionOf, SESSIONS } from "./sessions";
import { Visit } from "./visit";

export type { Touch } from "./touch";
export {
  decorateLinks,
  incomingVisitor,
  type LinkOptions,
  signLink,
} from "./links";

/** The parts to stamp. Each is off by default. */
export interface AttributionOptions extends ReferrerOptions {
  /** `context.attribution.first`: the first touch that brought the visitor to the shop. */
  firstTouch?: boolean;
  /** `context.attribution.last`: the latest touch. A direct visit does not replace it. */
  lastTouch?: boolean;
  /**
   * `context.session`: its `id`, its `number` for this visitor (from 1), and the time it
   * `startedAt`. A session ends after 30 minutes without a call, after 24 hours, or at `reset`.
   * Tabs share it.
   */
  session?: boolean;
}

/**
 * Stamps the context of each event with the visitor's touches and session. What it stores is
 * erased when consent is denied, and on `reset`.
 *
 * @example
 * const extensions = [attribution({ lastTouch: true, session: true })];
 * AnalyticsBrowser.load({ writeKey }, { extensions });
 */
export function attribution(options: AttributionOptions): Extension {
  const { firstTouch, lastTouch, session } = options;
  const visit = new Visit(options);
  return {
    name: "attribution",
    see(draft, asker) {
      const context: Record<string, unknown> = {};
      if (firstTouch || lastTouch) {
        const { first, last } = visit.touchesAt(draft, asker);
        context.attribution = {
          ...(firstTouch && { first }),
          ...(lastTouch && { last: last ?? first }),
        };
      }
      if (session) {
        const { id, number, startedMs } = sessionOf(draft, asker);
        const startedAt = new Date(startedMs).toISOString();
        context.session = { id, number, startedAt };
      }
      return { context };
    },
    forget() {
      visit.forget();
      SESSIONS.forget();
    },
  };
}
