import { nearest } from "./near";
import { OPTIONS, SETTINGS } from "./option-rules";
import { isObject, type Members, object, type Rule } from "./rule";
import { tell } from "./tell";

/** Characters of a text that a warning shows. */
const SHOWN_CHARS_MAX = 40;

const member = (path: string, name: string) => {
  if (!/^[\w$]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path ? `${path}.${name}` : name;
};

function shown(value: unknown): string {
  if (typeof value === "string") {
    const isLong = value.length > SHOWN_CHARS_MAX;
    const text = JSON.stringify(value.slice(0, SHOWN_CHARS_MAX));
    return isLong ? `${text}…` : text;
  }
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}

/** The places of all options by their names, for one that stands elsewhere. */
const places = new Map<string, string>();

function place(path: string, members: Members): void {
  for (const [name, rule] of Object.entries(members)) {
    const at = member(path, name);
    const where = path ? at : `${at} in the second argument of load()`;
    if (!places.has(name)) places.set(name, where);
    if (rule.members) place(at, rule.members);
  }
}

place("", OPTIONS);
for (const name in SETTINGS) {
  places.set(name, `${name} in the first argument of load()`);
}

function tellUnknown(path: string, name: string, { members, isOpen }: Rule) {
  const at = member(path, name);
  const meant = nearest(name, Object.keys(members ?? {}));
  if (meant) return tell(`no option ${at}: did you mean ${meant}?`);
  if (isOpen) return;
  const named = nearest(name, [...places.keys()]);
  const right = named && places.get(named);
  if (right) return tell(`no option ${at}: did you mean ${right}?`);
  tell(`no option ${at}: it has no effect, so leave it out`);
}

function checkMembers(path: string, given: object, rule: Rule): void {
  for (const name of Object.keys(given)) {
    const known = Object.hasOwn(rule.members!, name)
      ? rule.members![name]
      : undefined;
    const value = (given as Record<string, unknown>)[name];
    if (known) check(member(path, name), value, known);
    else tellUnknown(path, name, rule);
  }
}

function check(path: string, value: unknown, rule: Rule): void {
  if (value === undefined) return;
  if (!rule.takes(value)) {
    const { otherwise = "the default is used", write } = rule;
    const then = typeof otherwise === "string" ? otherwise : otherwise(value);
    tell(`${path} is ${shown(value)}: write ${write} (${then})`);
  } else if (Array.isArray(value)) {
    const { each } = rule;
    const at = value.findIndex((one) => each && !each.takes(one));
    if (each && at >= 0) check(`${path}[${at}]`, value[at] ?? null, each);
  } else if (isObject(value) && rule.members) {
    checkMembers(path, value, rule);
  }
}

function checkArgument(which: string, given: unknown, members: Members): void {
  if (isObject(given)) checkMembers("", given, object(members));
  else {
    const names =
      which === "first" ? 'settings such as { writeKey: "…" }' : "options";
    // What stands in its place may be a key.
    tell(`the ${which} argument of load() is no object: write ${names}`);
  }
}

/** Warns of each option that is not understood: what it is, and what to write. */
export function checkOptions(settings: unknown, options: unknown): void {
  checkArgument("first", settings, SETTINGS);
  checkArgument("second", options, OPTIONS);
}
