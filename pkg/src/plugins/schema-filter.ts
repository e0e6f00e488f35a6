/** Applies the tracking plan in the source's settings; fetched if there is one. */
import type { Context } from "../model/context";
import type { CDNSettings } from "../model/source-settings";
import type { PlanEvent, TrackPlan } from "../model/event";
import type { Plugin } from "../model/plugin";

/** Whether the plan enables an event; one that it does not name has the plan's default. */
function isEnabled(plan: TrackPlan, planned: PlanEvent | undefined): boolean {
  return planned?.enabled ?? plan.__default?.enabled ?? true;
}

/** The destinations' actions that the plan switches off for an event. */
function disabledActions(
  planned: PlanEvent | undefined,
  settings: CDNSettings,
): Record<string, false> {
  const choice = (planned?.integrations ?? {}) as Record<string, unknown>;
  const off: Record<string, false> = {};
  for (const remote of settings.remotePlugins ?? []) {
    if (choice[remote.creationName] !== false) continue;
    const subscriptions = remote.settings?.["subscriptions"];
    if (!Array.isArray(subscriptions)) continue;
    for (const { partnerAction } of subscriptions as {
      partnerAction: string;
    }[]) {
      off[`${remote.name} ${partnerAction}`] = false;
    }
  }
  return off;
}

/** A plugin that keeps each event from the destinations its plan leaves out. */
export function schemaFilter(plan: TrackPlan, settings: CDNSettings): Plugin {
  const filter = (context: Context) => {
    const { event, integrations } = context.event;
    if (!event) return context;
    const planned = plan[event];
    context.updateEvent(
      "integrations",
      isEnabled(plan, planned)
        ? {
            ...integrations,
            ...planned?.integrations,
            ...disabledActions(planned, settings),
          }
        : { ...integrations, All: false, "Segment.io": true },
    );
    return context;
  };
  return {
    name: "Schema Filter",
    version: "0.1.0",
    type: "before",
    isLoaded: () => true,
    load: () => Promise.resolve(),
    alias: filter,
    group: filter,
    identify: filter,
    page: filter,
    track: filter,
  };
}
