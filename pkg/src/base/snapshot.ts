import { DEPTH_MAX, VALUES_MAX } from "./limits";

/** What JSON escapes, halves of surrogate pairs among it, and whole pairs, which stay. */
const ESCAPED =
  /[\ud800-\udbff][\udc00-\udfff]|[^ !#-[\]-\ud7ff\ue000-\uffff]/g;

/** Members that React and Vue set on nodes; a copy of a node (`{...node}`) has them, too. */
const EXPANDO = /^__?(react[A-Z]|vue|vnode|targetInst$)/;

const { Map, Set } = globalThis;
/** On the prototypes of these, a `toJSON` is a library's, or the `Date`'s own. */
const BUILT_IN = [Object, Array, String, Number, Date, Error, Map, Set];

/** Members that only such objects have: nodes, events, React's fibers and components. */
const MARKS = [
  "getRootNode",
  "preventDefault",
  "memoizedProps",
  "isReactComponent",
];

/**
 * Whether an object is the page's and no value: a node, a list of nodes, a window, an event, or
 * what React keeps. It goes by their members, as `instanceof` does not know the objects of another
 * realm, such as a frame's.
 */
export function isOfPage(value: object): boolean {
  const { window, item } = value as { window?: unknown; item?: unknown };
  return (
    MARKS.some((name) => name in value) ||
    window === value ||
    (typeof item === "function" && "length" in value)
  );
}

function escape(char: string): string {
  if (char[1]) return char;
  const code = `000${char.charCodeAt(0).toString(16)}`.slice(-4);
  return `\\${'"\\bfnrt'['"\\\b\f\n\r\t'.indexOf(char)] ?? `u${code}`}`;
}

/** A text as JSON. The search costs less than a replacement that finds nothing. */
const quoted = (text: string) =>
  `"${text.search(ESCAPED) < 0 ? text : text.replace(ESCAPED, escape)}"`;

/** A date as ISO 8601: libraries have a `toISOString` of their own. */
function isoOf(date: any): string {
  const [, day, , year, time] = date.toUTCString().split(" ");
  // The first digit is there to keep the zeros after it.
  const month = `${date.getUTCMonth() + 101}`.slice(1);
  const ms = `${(date % 1000) + 2000}`.slice(1);
  const far = `${Math.abs(year) + 1e6}`.slice(1);
  const years = year[4] ? (year < 0 ? "-" : "+") + far : year;
  return `${years}-${month}-${day}T${time}.${ms}Z`;
}

/** The value that is written in the place of an object of the language. */
function unboxed(value: any): unknown {
  switch (Object.prototype.toString.call(value).slice(8, -1)) {
    case "String":
    case "Number":
    case "Boolean":
    case "BigInt":
      return value.valueOf();
    case "Date":
      return isNaN(value) ? null : isoOf(value);
    case "Map": {
      const members: any = {};
      for (const [key, one] of value) members[key] = one;
      return members;
    }
    case "Set":
      return [...value];
    case "Error":
    case "DOMException": {
      const { name, message, cause } = value;
      return { name, message, cause, ...value };
    }
  }
  return value;
}

/**
 * Copies a value as JSON text, which is that of `JSON.stringify` where the value is one that JSON
 * has. It never throws, and it asks no `JSON.stringify`, as the page may have replaced it.
 *
 * A BigInt becomes its digits, an Error its name and message, a `Map` an object, a `Set` an array.
 * What is the page's and no value ({@link isOfPage}), what cannot be read, and an object inside
 * itself are left out. If that is all, the text is `null`.
 */
export function snapshot(given: unknown): string {
  let left = VALUES_MAX;
  /** The objects around the present value, from the outermost. */
  const around: unknown[] = [];

  const member = (holder: any, key: string | number, depth: number) => {
    try {
      return left-- > 0 ? write(holder[key], key, depth, false) : undefined;
    } catch {
      return undefined; // It cannot be read: the rest goes without it.
    }
  };

  function write(
    value: any,
    key: string | number,
    depth: number,
    isReplaced: boolean,
  ): string | undefined {
    if (typeof value === "string") return quoted(value);
    if (typeof value === "number") return isFinite(value) ? `${value}` : "null";
    if (typeof value === "boolean" || value === null) return `${value}`;
    if (value === undefined || typeof value === "symbol") return undefined;
    const isArray = Array.isArray(value);
    const prototype = isArray ? null : Object.getPrototypeOf(value);
    // Plain objects of any realm have a prototype without one.
    const isPlain = !prototype || !Object.getPrototypeOf(prototype);
    if (!isPlain && typeof value === "object" && isOfPage(value))
      return undefined;
    const { toJSON } = value;
    if (
      typeof toJSON === "function" &&
      !isReplaced &&
      !BUILT_IN.some((kind: any) => toJSON === kind?.prototype?.toJSON)
    ) {
      return write(value.toJSON(`${key}`), key, depth, true);
    }
    if (typeof value === "bigint") return `"${value}"`;
    if (typeof value === "function" || depth > DEPTH_MAX) return undefined;
    for (let at = 0; at < depth; at++) {
      if (around[at] === value) return undefined;
    }
    around[depth] = value;
    const content = isPlain ? value : unboxed(value);
    if (Object(content) !== content) return write(content, key, depth, true);

    let text = "";
    if (isArray || Array.isArray(content)) {
      const { length } = content;
      for (let at = 0; at < length && left > 0; at++) {
        if (at) text += ",";
        text += member(content, at, depth + 1) ?? "null";
      }
      return `[${text}]`;
    }
    if (
      typeof content.$$typeof === "symbol" || // An element of React.
      // A list of so many bytes makes an event that no API takes.
      (!isPlain && content.byteLength > VALUES_MAX)
    ) {
      return undefined;
    }
    for (const name of Object.keys(content)) {
      if (name[0] === "_" && EXPANDO.test(name)) continue;
      const one = member(content, name, depth + 1);
      if (one === undefined) continue;
      if (text) text += ",";
      text += quoted(name);
      text += ":";
      text += one;
    }
    return `{${text}}`;
  }

  return member([given], 0, 0) ?? "null";
}
