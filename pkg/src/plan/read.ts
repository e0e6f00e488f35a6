/** Reads a tracking plan, and refuses what it does not understand. */
import { DEPTH_MAX, SCHEMAS_MAX } from "./limits";
import {
  type Bound,
  BOUNDS,
  type Plan,
  PlanError,
  type Scalar,
  type Schema,
  type TypeName,
} from "./schema";

const TYPES: ReadonlySet<unknown> = new Set([
  ...["string", "number", "integer", "boolean", "object", "array", "null"],
]);

/** Keywords that say nothing about values. */
const NOTES: ReadonlySet<string> = new Set([
  ...["$schema", "$id", "$comment", "title", "description", "examples"],
  ...["default", "deprecated"],
]);

type Bag = Record<string, unknown>;

function fail(path: string, why: string): never {
  throw new PlanError(`tracking plan: ${path}: ${why}`);
}

function bag(value: unknown, path: string): Bag {
  if (!value || typeof value !== "object" || Array.isArray(value)) {
    fail(path, "not an object");
  }
  return value as Bag;
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** Reads the schemas of one plan. */
class Reader {
  readonly #given: Bag;
  readonly definitions: Map<string, Schema> = new Map();
  #count = 0;
  /** The definitions that are being read: one that comes up again refers to itself. */
  readonly #open: Set<string> = new Set();

  constructor(given: Bag) {
    this.#given = given;
  }

  schema(value: unknown, path: string, depth = 0): Schema {
    const given = bag(value, path);
    if (depth > DEPTH_MAX) fail(path, `deeper than ${DEPTH_MAX} levels`);
    if (++this.#count > SCHEMAS_MAX) {
      fail(path, `more than ${SCHEMAS_MAX} schemas`);
    }
    if ("$ref" in given) return this.#referred(given.$ref, path, depth);
    const schema: Schema = {
      properties: new Map(),
      required: [],
      open: true,
      bounds: {},
    };
    for (const [keyword, said] of Object.entries(given)) {
      this.#keyword(schema, keyword, said, `${path}.${keyword}`, depth);
    }
    return schema;
  }

  #keyword(
    schema: Schema,
    keyword: string,
    said: unknown,
    path: string,
    depth: number,
  ): void {
    if (keyword === "type") {
      const types: unknown[] = Array.isArray(said) ? said : [said];
      if (types.length === 0 || !types.every((type) => TYPES.has(type))) {
        fail(path, "not a type of JSON Schema");
      }
      schema.types = types as TypeName[];
    } else if (keyword === "properties") {
      const members = Object.entries(bag(said, path)).map(
        ([name, one]) =>
          [name, this.schema(one, `${path}.${name}`, depth + 1)] as const,
      );
      schema.properties = new Map(members);
    } else if (keyword === "required") {
      const texts = Array.isArray(said) ? (said as unknown[]) : [undefined];
      if (!texts.every((one) => typeof one === "string")) {
        fail(path, "not a list of names");
      }
      schema.required = [...new Set(texts)];
    } else if (keyword === "additionalProperties") {
      if (typeof said !== "boolean") fail(path, "neither true nor false");
      schema.open = said;
    } else if (keyword === "items") {
      schema.items = this.schema(said, path, depth + 1);
    } else if (keyword === "enum" || keyword === "const") {
      const values: unknown = keyword === "enum" ? said : [said];
      if (!Array.isArray(values) || !values.every(isScalar)) {
        fail(path, "not made of texts, numbers, booleans and null");
      }
      schema.values = new Set(values);
    } else if (BOUNDS.includes(keyword as Bound)) {
      if (typeof said !== "number") fail(path, "not a number");
      schema.bounds = { ...schema.bounds, [keyword]: said };
    } else if (!NOTES.has(keyword)) {
      fail(path, "a keyword that plans do not have");
    } else if (keyword === "description" && typeof said === "string") {
      schema.description = said;
    }
  }

  #referred(reference: unknown, path: string, depth: number): Schema {
    const name = /^#\/\$defs\/([\w-]+)$/.exec(String(reference))?.[1];
    const definitions = bag(this.#given.$defs ?? {}, "$defs");
    if (name === undefined || !Object.hasOwn(definitions, name)) {
      fail(path, `$ref is ${JSON.stringify(reference)}, which is not there`);
    }
    const known = this.definitions.get(name);
    if (known) return known;
    if (this.#open.has(name)) fail(path, `$defs.${name} refers to itself`);
    this.#open.add(name);
    const schema = this.schema(definitions[name], `$defs.${name}`, depth + 1);
    this.#open.delete(name);
    // A definition may be another's name.
    const named = schema.name === undefined ? schema : { ...schema };
    named.name = name;
    this.definitions.set(name, named);
    return named;
  }
}

/**
 * Reads a plan: `{ "events": { "Product Added": <schema of its properties> }, "$defs": … }`.
 *
 * @throws {PlanError} if it is invalid, with a message of one line
 */
export function readPlan(value: unknown): Plan {
  const given = bag(value, "the file");
  for (const key of Object.keys(given)) {
    if (key !== "events" && key !== "$defs" && !NOTES.has(key)) {
      fail(key, "a keyword that plans do not have");
    }
  }
  const reader = new Reader(given);
  const events = new Map<string, Schema>();
  for (const [name, one] of Object.entries(bag(given.events, "events"))) {
    const schema = reader.schema(one, `events[${JSON.stringify(name)}]`);
    if (schema.types && !schema.types.includes("object")) {
      fail(`events[${JSON.stringify(name)}].type`, "properties are an object");
    }
    events.set(name, schema);
  }
  return { events, definitions: reader.definitions };
}
