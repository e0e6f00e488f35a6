/** What an option may be, as data: the check and the words of its warning. */

/** What one option may be. */
export interface Rule {
  /** What to write: the end of "write …". */
  readonly write: string;
  /** What happens to another value, if it is not that the default is used. */
  readonly otherwise?: string | ((value: unknown) => string);
  /** Whether a value is understood. */
  readonly takes: (value: unknown) => boolean;
  /** Its members, if it may be an object. */
  readonly members?: Members;
  /** Whether it may have members of any other name. */
  readonly isOpen?: boolean;
  /** Each element, if it may be a list. */
  readonly each?: Rule;
}

/** Options by their names. */
export type Members = Readonly<Record<string, Rule>>;

/** The rules of all members of a type: one that is missing does not compile. */
export type RulesOf<T> = Readonly<Record<keyof Required<T> & string, Rule>>;

/** Whether a value is an object with members, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `true` or `false`. */
export const flag: Rule = {
  write: "true or false",
  takes: (value) => typeof value === "boolean",
};

/** The same, where any other value counts as JavaScript takes it. */
export const loose: Rule = {
  ...flag,
  otherwise: (value) => `it counts as ${Boolean(value)}`,
};

/** A number from `min` to `max`. */
export function number(min: number, max: number, what = "a number"): Rule {
  return {
    write: `${what} from ${min} to ${max}`,
    takes: (value) => typeof value === "number" && value >= min && value <= max,
  };
}

/** A number of things that may be any. */
export const count: Rule = number(0, Number.MAX_SAFE_INTEGER);

/** A text of a form, with an example. */
export function text(example: string, form: RegExp = /\S/): Rule {
  return {
    write: `a text such as ${JSON.stringify(example)}`,
    takes: (value) => typeof value === "string" && form.test(value),
  };
}

/** One of a few texts. */
export function oneOf(...names: string[]): Rule {
  return {
    write: names.map((name) => JSON.stringify(name)).join(" or "),
    takes: (value) => names.includes(value as string),
  };
}

/** A function. */
export const call: Rule = {
  write: "a function",
  takes: (value) => typeof value === "function",
};

/** An object with these members. */
export function object(members: Members, isOpen = false): Rule {
  const names = Object.keys(members).join(", ");
  return {
    write: names ? `an object with ${names}` : "an object",
    takes: isObject,
    members,
    isOpen,
  };
}

/** A list. */
export function list(each: Rule): Rule {
  return {
    write: `a list, each of it ${each.write}`,
    takes: Array.isArray,
    each,
  };
}

/** One or the other. */
export function either(one: Rule, other: Rule): Rule {
  return {
    ...one,
    ...other,
    write: `${one.write}, or ${other.write}`,
    takes: (value) => one.takes(value) || other.takes(value),
  };
}
