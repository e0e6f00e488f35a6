import { snapshot } from "./snapshot";

/** Calls that become events. */
export type Method =
  "track" | "page" | "screen" | "identify" | "group" | "alias";

/** What the argument forms of analytics.js take for a plain object: class instances too. */
export function isPlainObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** The text of one argument; see `waymark_core::call`. */
function encodeArgument(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return `n${value}`;
  if (typeof value === "function") return "f";
  if (!isPlainObject(value)) return "x";
  try {
    const text = snapshot(value);
    return text?.[0] === "{" ? text : "x";
  } catch {
    return "x"; // Nothing of it can be read: the event goes without it.
  }
}

/**
 * The text of a call: the method, then one line for each argument. It is the one form in
 * which calls are held here and given to the core.
 */
export function encodeCall(method: Method, args: unknown[]): string {
  let text: string = method;
  for (const argument of args) text += "\n" + encodeArgument(argument);
  return text;
}
