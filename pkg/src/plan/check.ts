/** Checks an event's properties against the plan. */
import { DEPTH_MAX, PROBLEMS_MAX, VALUES_MAX } from "./limits";
import type { Plan, Scalar, Schema, TypeName } from "./schema";

/** A mistake in an event, and its place. */
export interface Problem {
  /** Such as `products[0].price`; empty for the event as a whole. */
  path: string;
  message: string;
}

type Bag = Record<string, unknown>;

function typeOf(value: unknown): TypeName | "nothing" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (type === "number") {
    if (!Number.isFinite(value)) return "null"; // As it is in JSON.
    return Number.isInteger(value) ? "integer" : "number";
  }
  if (type === "string" || type === "boolean" || type === "object") return type;
  return "nothing";
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

class Checker {
  readonly problems: Problem[] = [];
  #seen = 0;

  note(path: string, message: string): void {
    if (this.problems.length < PROBLEMS_MAX) {
      this.problems.push({ path, message });
    }
  }

  check(schema: Schema, value: unknown, path: string, depth: number): void {
    if (this.problems.length >= PROBLEMS_MAX) return;
    if (++this.#seen > VALUES_MAX || depth > DEPTH_MAX) {
      if (this.#seen <= VALUES_MAX + 1) this.note(path, "too much to check");
      return;
    }
    const type = typeOf(value);
    const { types, values } = schema;
    const fits = types?.some(
      (one) => one === type || (one === "number" && type === "integer"),
    );
    if (fits === false) {
      const wanted = types?.join(" or ");
      this.note(path, `is ${scalarOr(value, type)}, not ${wanted}`);
      return;
    }
    if (values && !values.has(value as Scalar)) {
      const allowed = [...values].slice(0, 10).map(shown).join(", ");
      this.note(path, `is ${scalarOr(value, type)}, not one of ${allowed}`);
    }
    if (type === "integer" || type === "number") {
      this.#number(schema, value as number, path);
    }
    if (type === "string") {
      this.#length(schema, "Length", [...(value as string)].length, path);
    }
    if (type === "array") this.#array(schema, value as unknown[], path, depth);
    if (type === "object") this.#object(schema, value as Bag, path, depth);
  }

  #number({ bounds }: Schema, value: number, path: string): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = bounds;
    if (minimum !== undefined && value < minimum) {
      this.note(path, `is ${value}, less than ${minimum}`);
    }
    if (maximum !== undefined && value > maximum) {
      this.note(path, `is ${value}, more than ${maximum}`);
    }
    if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
      this.note(path, `is ${value}, not more than ${exclusiveMinimum}`);
    }
    if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
      this.note(path, `is ${value}, not less than ${exclusiveMaximum}`);
    }
  }

  #length(
    { bounds }: Schema,
    what: "Length" | "Items",
    length: number,
    path: string,
  ): void {
    const [least, most] = [bounds[`min${what}`], bounds[`max${what}`]];
    const unit = what === "Length" ? "characters" : "items";
    if (least !== undefined && length < least) {
      this.note(path, `has ${length} ${unit}, at least ${least} are needed`);
    }
    if (most !== undefined && length > most) {
      this.note(path, `has ${length} ${unit}, at most ${most} are allowed`);
    }
  }

  #array(schema: Schema, value: unknown[], path: string, depth: number): void {
    this.#length(schema, "Items", value.length, path);
    const { items } = schema;
    if (!items) return;
    for (let at = 0; at < value.length && at < VALUES_MAX; at++) {
      this.check(items, value[at], `${path}[${at}]`, depth + 1);
    }
  }

  #object(schema: Schema, value: Bag, path: string, depth: number): void {
    const { properties, required, open } = schema;
    const at = (name: string) => (path ? `${path}.${name}` : name);
    for (const name of required) {
      const missing = !Object.hasOwn(value, name) || value[name] === undefined;
      if (missing) this.note(at(name), "is missing");
    }
    for (const name of Object.keys(value)) {
      const one = properties.get(name);
      if (value[name] === undefined) continue; // As it is in JSON.
      if (one) this.check(one, value[name], at(name), depth + 1);
      else if (!open) this.note(at(name), "is not in the plan");
    }
  }
}

function scalarOr(value: unknown, type: string): string {
  return type === "object" || type === "array" ? `an ${type}` : shown(value);
}

/** The event's problems; empty if it follows the plan. */
export function checkEvent(
  plan: Plan,
  event: string,
  properties: unknown,
): Problem[] {
  const schema = plan.events.get(event);
  if (!schema) return [{ path: "", message: "is not in the plan" }];
  const checker = new Checker();
  const object: Schema = schema.types
    ? schema
    : { ...schema, types: ["object"] };
  checker.check(object, properties ?? {}, "", 0);
  return checker.problems;
}
