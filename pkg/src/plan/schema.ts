/**
 * The schemas of a tracking plan: a part of JSON Schema that is checked in time linear in the
 * value. Nothing in it runs code or patterns, and no value is checked against more than one schema.
 */

/** The types of JSON Schema. */
export type TypeName =
  "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";

/** A value of `enum` and `const`. */
export type Scalar = string | number | boolean | null;

/** A schema, parsed into a form that is ready for checks. */
export interface Schema {
  /** Any type if missing. */
  types?: readonly TypeName[];
  description?: string;
  properties: ReadonlyMap<string, Schema>;
  required: readonly string[];
  /** Whether an object may have members that are not in `properties`. */
  open: boolean;
  items?: Schema;
  /** The values that `enum` and `const` allow. */
  values?: ReadonlySet<Scalar>;
  /** Bounds: `minimum` and the like, by their names. */
  bounds: Readonly<Partial<Record<Bound, number>>>;
  /** The name under `$defs` by which it was referred to. */
  name?: string;
}

/** The keywords whose value is a number. */
export const BOUNDS = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
] as const;

/** A keyword whose value is a number. */
export type Bound = (typeof BOUNDS)[number];

/** A parsed tracking plan. */
export interface Plan {
  /** The properties of each event, by its name. */
  events: ReadonlyMap<string, Schema>;
  /** The schemas under `$defs`. */
  definitions: ReadonlyMap<string, Schema>;
}

/** Why a plan is invalid, in one line with the place of the mistake. */
export class PlanError extends Error {
  override name = "PlanError";
}
