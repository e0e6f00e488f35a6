/** Experiments and feature flags: an extension of `load`. */
import { SESSIONS, sessionOf } from "../attribution/sessions";
import { ExtensionStore } from "../call/extension-store";
import type { Asker, Draft, Extension } from "../model/extension";

export { currentReplay, type Replay, sessionReplay } from "./replay";

/** What records an event. */
interface Tracker {
  track: (event: string, properties: object) => unknown;
}

/** The extension, and what tells it of the variants that the visitor has. */
export interface Experiments extends Extension {
  /** The visitor sees this variant: `Experiment Viewed`, once a session, and a stamp on all events. */
  experiment: (analytics: Tracker, name: string, variant: string) => void;
  /** The visitor has this value of a feature flag; the same as an experiment. */
  flag: (
    analytics: Tracker,
    name: string,
    value: string | number | boolean,
  ) => void;
}

/** Variants that were viewed in a session. */
interface Viewed {
  session: string;
  variants: Record<string, string>;
}

const EVENT = "Experiment Viewed";
const HEAD = JSON.stringify(EVENT);

/** The experiment and the variant of a call that `show` made, as the call has them. */
function viewOf({ method, text }: Draft): [string, string] | undefined {
  const [, name, bag = ""] = text.split("\n", 3);
  if (method !== "track" || name !== HEAD || bag[0] !== "{") return undefined;
  const view = JSON.parse(bag) as Record<string, unknown>;
  return [String(view.experiment_name), String(view.variation_name)];
}

/**
 * Sends `Experiment Viewed` (Segment's A/B testing spec) once a session for each experiment and
 * variant, and stamps the active ones into `context.experiments` and `context.flags`. What is
 * dropped as it was viewed already is counted as `experimentViewed`.
 *
 * @example
 * const tests = experiments();
 * const analytics = AnalyticsBrowser.load({ writeKey }, { extensions: [tests] });
 * tests.experiment(analytics, "Checkout", "one page");
 */
export function experiments(): Experiments {
  const store = new ExtensionStore<Viewed>("waymark:experiments");
  const active: Record<"experiments" | "flags", Record<string, unknown>> = {
    experiments: {},
    flags: {},
  };
  const isNew = (view: [string, string], draft: Draft, asker: Asker) => {
    const { id } = sessionOf(draft, asker);
    const kept = store.read(asker);
    const variants = kept?.session === id ? kept.variants : {};
    const [name, variant] = view;
    if (Object.hasOwn(variants, name) && variants[name] === variant) {
      return false;
    }
    store.write(asker, {
      session: id,
      variants: { ...variants, [name]: variant },
    });
    return true;
  };
  const show = (analytics: Tracker, name: string, variant: string) =>
    void analytics.track(EVENT, {
      experiment_id: name,
      experiment_name: name,
      variation_id: variant,
      variation_name: variant,
    });
  return {
    name: "experiments",
    experiment(analytics, name, variant) {
      active.experiments = { ...active.experiments, [name]: variant };
      show(analytics, name, variant);
    },
    flag(analytics, name, value) {
      active.flags = { ...active.flags, [name]: value };
      show(analytics, name, String(value));
    },
    see(draft, asker) {
      const view = viewOf(draft);
      if (view && !isNew(view, draft, asker)) {
        return { drop: "experimentViewed" };
      }
      const stamped = Object.entries(active).filter(
        ([, variants]) => Object.keys(variants).length > 0,
      );
      return { context: Object.fromEntries(stamped) };
    },
    forget() {
      store.forget();
      SESSIONS.forget();
    },
  };
}
