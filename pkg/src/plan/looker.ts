/** The check of each event; fetched on pages that check. */
import { type Context, ContextCancelation } from "../model/context";
import { checkEvent } from "./check";
import type { PlanOptions } from "./";
import { readPlan } from "./read";

/**
 * Makes a plugin's `track` that checks against the plan.
 *
 * @throws {PlanError} if the plan is invalid
 */
export function looker(
  given: object,
  options: PlanOptions,
  counts: Map<string, number>,
): (context: Context) => Context {
  // A JSON module has the plan as its default export.
  const plan = readPlan((given as { default?: unknown }).default ?? given);
  const { mode = "warn", onProblem } = options;
  return (context) => {
    const { event = "", properties } = context.event;
    const problems = checkEvent(plan, event, properties);
    if (problems.length === 0) return context;
    counts.set(event, (counts.get(event) ?? 0) + 1);
    if (mode === "count") return context;
    onProblem?.(event, problems);
    if (mode === "allow") return context;
    const said = problems.map(({ path, message }) =>
      path ? `${path} ${message}` : message,
    );
    const reason = `${event}: ${said.join("; ")}`;
    console.warn(`waymark: tracking plan: ${reason}`);
    if (mode === "block") {
      const type = "tracking_plan";
      throw new ContextCancelation({ retry: false, reason, type });
    }
    return context;
  };
}
