/** The entry `waymark/experiments`: experiments and feature flags, an extension of `load`. */
import { SESSIONS, sessionOf } from "../attribution/sessions";
import { ExtensionStore } from "../call/extension-store";
import type { Asker, Draft, Extension } from "../model/extension";

export { currentReplay, type Replay, sessionReplay } from "./replay";

/** The part of a client that is used here. */
interface Tracker {
  track: (event: string, properties: object) => unknown;
}

/** The extension, with the methods that report the visitor's variants to it. */
export interface Experiments extends Extension {
  /** Reports that the visitor sees this variant: stamps events, and records it once a session. */
  experiment: (analytics: Tracker, name: string, variant: string) => void;
  /** Reports the visitor's value of a feature flag, as `experiment` does for a variant. */
  flag: (
    analytics: Tracker,
    name: string,
    value: string | number | boolean,
  ) => void;
}

/** The variants viewed in a session, by experiment. */
interface Viewed {
  session: string;
  variants: Record<string, string>;
}

const EVENT = "Experiment Viewed";
const HEAD = JSON.stringify(EVENT);

/** The experiment and the variant of an `Experiment Viewed` call; `undefined` for other calls. */
function viewOf({ method, text }: Draft): [string, string] | undefined {
  const [, name, bag = ""] = text.split("\n", 3);
  if (method !== "track" || name !== HEAD || bag[0] !== "{") return undefined;
  const view = JSON.parse(bag) as Record<string, unknown>;
  return [String(view.experiment_name), String(view.variation_name)];
}

/**
 * Records `Experiment Viewed` (Segment's A/B testing spec) once a session for each experiment and
 * variant, and stamps the active ones into `context.experiments` and `context.flags`. Repeated
 * views are dropped and counted as `experimentViewed`.
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
