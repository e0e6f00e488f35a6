/** The entry `waymark/plan`: checks events by a tracking plan while the page runs. */
import { isDevelopment } from "../page/development";
import type { Plugin } from "../model/plugin";
import type { Problem } from "./check";

export type { Problem } from "./check";
export type { Planned } from "./planned";

/** How an event that is not as planned is treated; it is counted in any case. */
export type PlanMode =
  /** Nothing more than calling `onProblem`. */
  | "allow"
  /** The console says what is wrong. */
  | "warn"
  /** The console says what is wrong, and the event goes nowhere. */
  | "block"
  /** Nothing: only the counts tell. */
  | "count";

/** How a plan is enforced. */
export interface PlanOptions {
  /** `warn` where it is not given. */
  mode?: PlanMode;
  /** Share of page loads that check in production, from 0 (as it is where not given) to 1. */
  production?: number;
  /** Called for each event that is not as planned, but not in the mode `count`. */
  onProblem?: (event: string, problems: readonly Problem[]) => void;
}

/** A plan, or what fetches it: `() => import("./tracking-plan.json")`. */
export type PlanSource = object | (() => Promise<object>);

/** The findings of a plan so far. */
export interface PlanReport {
  /** Whether this page checks. */
  readonly checks: boolean;
  /** Number of events that were not as planned, by their names. */
  counts(): Record<string, number>;
}

/**
 * Checks each `track` of the client by the plan: always in development, in production on the
 * share of pages that `production` says. Where it does not check, nothing is fetched or
 * registered. A plan that cannot be read is told of on the console, and events go on.
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
