/** The entry `waymark/plan/types`: a plan's TypeScript types, as `waymark types` writes them. */
import { readPlan } from "./read";
import type { Schema, TypeName } from "./schema";

export { PlanError } from "./schema";

const HEADER = `// Written by \`waymark types\` from the tracking plan; changes here are lost.
`;

/** A name of TypeScript for a definition; `$defs` have letters, digits, `_` and `-` only. */
function typeName(name: string): string {
  const words = name.split(/[-_]/).filter(Boolean);
  const joined = words
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("");
  return /^[A-Za-z]/.test(joined) ? joined : `Plan${joined}`;
}

function comment(text: string | undefined, indent: string): string {
  if (!text) return "";
  const said = text.replaceAll("*/", "*\u200b/").replace(/\s+/g, " ").trim();
  return `${indent}/** ${said} */\n`;
}

/** The member names and types of an object, one a line. */
function members(schema: Schema, indent: string): string {
  const { properties, required, open } = schema;
  // `{}` would accept any value.
  if (properties.size + required.length === 0 && !open) {
    return "Record<string, never>";
  }
  const inner = `${indent}  `;
  let text = "{\n";
  for (const [name, one] of properties) {
    const mark = required.includes(name) ? "" : "?";
    const type = typeText(one, inner);
    text += comment(one.description, inner);
    text += `${inner}${JSON.stringify(name)}${mark}: ${type}${mark && " | undefined"};\n`;
  }
  for (const name of required) {
    if (properties.has(name)) continue;
    text += `${inner}${JSON.stringify(name)}: unknown;\n`;
  }
  if (open) text += `${inner}[property: string]: unknown;\n`;
  return `${text}${indent}}`;
}

function typeText(schema: Schema, indent: string): string {
  if (schema.name !== undefined) return typeName(schema.name);
  return typeBody(schema, indent);
}

function typeBody(schema: Schema, indent: string): string {
  if (schema.values) {
    return [...schema.values].map((one) => JSON.stringify(one)).join(" | ");
  }
  const { types } = schema;
  if (!types) return "unknown";
  const texts = types.map((type) => oneType(schema, type, indent));
  return [...new Set(texts)].join(" | ");
}

function oneType(schema: Schema, type: TypeName, indent: string): string {
  if (type === "integer") return "number";
  if (type === "object") return members(schema, indent);
  if (type !== "array") return type;
  const items = schema.items ? typeText(schema.items, indent) : "unknown";
  return `ReadonlyArray<${items}>`;
}

/**
 * A module of types: `TrackingPlan`, with the properties of each event by its name, and a type
 * for each of `$defs` that is used.
 *
 * @throws {PlanError} if the plan is invalid
 */
export function generateTypes(value: unknown): string {
  const plan = readPlan(value);
  let text = HEADER;
  const names = new Set(["TrackingPlan"]);
  for (const [name, schema] of plan.definitions) {
    const own = typeName(name);
    if (names.has(own)) throw new Error(`$defs.${name}: two types ${own}`);
    names.add(own);
    text += `\n${comment(schema.description, "")}`;
    text += `export type ${own} = ${typeBody(schema, "")};\n`;
  }
  text += "\n/** The properties of each event of the plan. */\n";
  text += "export interface TrackingPlan {\n";
  for (const [name, schema] of plan.events) {
    text += comment(schema.description, "  ");
    const type =
      schema.name !== undefined ? typeName(schema.name) : members(schema, "  ");
    text += `  ${JSON.stringify(name)}: ${type};\n`;
  }
  return `${text}}\n`;
}
