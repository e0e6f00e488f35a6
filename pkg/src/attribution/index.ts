/** Where visitors come from, and their sessions: an extension of `load`; and linked domains. */
import { ExtensionStore } from "../call/extension-store";
import type { Asker, Draft, Extension } from "../model/extension";
import { sessionOf, SESSIONS } from "./sessions";
import { isLed, isSameTouch, type Touch, touchOf } from "./touch";

export type { Touch } from "./touch";
export {
  decorateLinks,
  incomingVisitor,
  type LinkOptions,
  signLink,
} from "./links";

/** What is stamped; each is off unless it is asked for. */
export interface AttributionOptions {
  /** `context.attribution.first`: what led the visitor to the shop first. */
  firstTouch?: boolean;
  /** `context.attribution.last`: what did so last; a direct visit takes nothing away. */
  lastTouch?: boolean;
  /**
   * `context.session`: its `id`, its `number` for this visitor, and when it `startedAt`. It ends
   * after 30 minutes without a call, after 24 hours, and with `reset`; tabs share it.
   */
  session?: boolean;
}

/** The touches that are kept. */
interface Touches {
  first?: Touch;
  last?: Touch;
}

function touchesAt(
  store: ExtensionStore<Touches>,
  draft: Draft,
  asker: Asker,
): Touches {
  const kept = store.read(asker) ?? {};
  const touch = touchOf(draft.page, draft.nowMs);
  const { first = touch, last } = kept;
  const isNew = isLed(touch) && !(last && isSameTouch(last, touch));
  const touches: Touches = { first };
  const newest = isNew ? touch : last;
  if (newest) touches.last = newest;
  if (!kept.first || isNew) store.write(asker, touches);
  return touches;
}

/**
 * Stamps the context of each event with what led the visitor to the shop, and with his session.
 * What is kept of it is erased when consent is denied, and on `reset`.
 *
 * @example
 * AnalyticsBrowser.load({ writeKey }, { extensions: [attribution({ lastTouch: true, session: true })] });
 */
export function attribution(options: AttributionOptions): Extension {
  const { firstTouch, lastTouch, session } = options;
  const store = new ExtensionStore<Touches>("waymark:attribution");
  return {
    name: "attribution",
    see(draft, asker) {
      const context: Record<string, unknown> = {};
      if (firstTouch || lastTouch) {
        const { first, last } = touchesAt(store, draft, asker);
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
      store.forget();
      SESSIONS.forget();
    },
  };
}
