/** The entry `waymark/plan`: checks events against a tracking plan at run time. */
import { isDevelopment } from "../page/development";
import type { Plugin } from "../model/plugin";
import type { Problem } from "./check";

export type { Problem } from "./check";
export type { Planned } from "./planned";

/** The action on an event that violates the plan; every mode also counts it. */
export type PlanMode =
  /** Only calls `onProblem`. */
  | "allow"
  /** Warns on the console. */
  | "warn"
  /** Warns on the console and drops the event. */
  | "block"
  /** Only counts. */
  | "count";

/** How a plan is enforced. */
export interface PlanOptions {
  /** `warn` by default. */
  mode?: PlanMode;
  /** Share of page loads that check in production, from 0 (the default) to 1. */
  production?: number;
  /** Called for each event that violates the plan, except in the mode `count`. */
  onProblem?: (event: string, problems: readonly Problem[]) => void;
}

/** A plan, or a function that fetches it: `() => import("./tracking-plan.json")`. */
export type PlanSource = object | (() => Promise<object>);

/** The results of the checks so far. */
export interface PlanReport {
  /** Whether this page checks. */
  readonly checks: boolean;
  /** Number of events that violated the plan, by name. */
  counts(): Record<string, number>;
}

/**
 * Checks each `track` of the client against the plan: always in development, in production on the
 * share of page loads that `production` gives. A page that does not check fetches and registers
 * nothing. If the plan cannot be read, the console says so and events go on.
 */
export function enforcePlan(
  client: { register(...plugins: Plugin[]): Promise<unknown> },
  plan: PlanSource,
  options: PlanOptions = {},
): PlanReport {
  const checks = isDevelopment() || Math.random() < (options.production ?? 0);
  const counts = new Map<string, number>();
  const report = { checks, counts: () => Object.fromEntries(counts) };
  if (!checks) return report;
  let look: Plugin["track"];
  const load = async (): Promise<void> => {
    try {
      const [{ looker }, given] = await Promise.all([
        import("./looker"),
        // eslint-disable-next-line @typescript-eslint/await-thenable -- Promise.all takes values, too
        typeof plan === "function" ? (plan as () => Promise<object>)() : plan,
      ]);
      look = looker(given, options, counts);
    } catch (error) {
      console.warn("waymark:", (error as Error).message);
    }
  };
  const plugin: Plugin = {
    name: "waymark-tracking-plan",
    type: "before",
    isLoaded: () => look !== undefined,
    load,
    track: (context) => look?.(context) ?? context,
  };
  void client.register(plugin).catch(() => {});
  return report;
}
