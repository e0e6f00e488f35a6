/** Limits of tracking plans, each with its reason. */

/** Levels of a schema, and of a value that is checked: far more than an event has. */
export const DEPTH_MAX = 32;

/** Schemas in a plan, those of properties included: a hundred times what a large shop has. */
export const SCHEMAS_MAX = 50_000;

/** Values of an event that are looked at: an event of 32 KB has fewer. */
export const VALUES_MAX = 20_000;

/** Reported problems of one event: the first ones show what is wrong. */
export const PROBLEMS_MAX = 20;
