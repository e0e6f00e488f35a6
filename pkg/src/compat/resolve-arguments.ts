/**
 * Resolves a call's arguments (contract, §a.5), for plugins and wrappers that take the same forms
 * as the client. The client itself leaves this to the core.
 */
import { isPlainObject } from "../call/call";
import type {
  AliasParams,
  Callback,
  EventParams,
  PageParams,
  UserParams,
} from "../model/call-arguments";
import type { EventProperties, Options, Traits } from "../model/event";
import type { ID, WithId } from "../model/storage";

function isCallback(value: unknown): value is Callback {
  return typeof value === "function";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * Resolves name, properties, options and callback of a `track`.
 *
 * @throws Error if the name is missing
 */
export function resolveArguments(
  ...args: EventParams
): [
  name: string,
  properties: EventProperties | Callback,
  options: Options,
  callback: Callback | undefined,
] {
  const [event, second, third] = args;
  const callback = args.slice(0, 4).find(isCallback);
  if (isPlainObject(event)) {
    const { event: name, properties } = event;
    if (!name || !isText(name)) throw new Error("Event missing");
    const given = isCallback(second) ? undefined : second;
    const options = isCallback(second) && !isCallback(third) ? third : given;
    return [name, properties ?? {}, options ?? {}, callback];
  }
  if (!event || !isText(event)) throw new Error("Event missing");
  const properties = isPlainObject(second) ? second : {};
  const options = isCallback(third) ? undefined : third;
  return [event, properties, options ?? {}, callback];
}

/** Resolves category, name, properties, options and callback of a `page` or a `screen`. */
export function resolvePageArguments(
  ...args: PageParams
): [
  category: string | null,
  name: string | null,
  properties: EventProperties,
  options: Options,
  callback: Callback | undefined,
] {
  const given = Array.from({ length: 5 }, (_, at): unknown => args[at]);
  const [first, second, third, fourth] = given;
  const callback = given.find(isCallback);
  const texts = given.filter(isText);
  let category: string | null = null;
  let name: string | null = null;
  if (texts.length === 1) name = texts[0] ?? null;
  if (texts.length === 2) {
    category = isText(first) ? first : null;
    name = isText(second) ? second : null;
  }
  const objects = given.filter(isPlainObject);
  let [properties = {}, options = {}] = objects.length < 3 ? objects : [];
  if (objects.length === 1 && fourth === properties && third !== fourth) {
    [properties, options] = [{}, properties];
  }
  return [category, name, properties, options, callback];
}

/** Resolves the arguments of an `identify` or a `group`; the id defaults to that of `user`. */
export function resolveUserArguments<T extends Traits, U extends WithId>(
  user: U,
): (
  ...args: UserParams<T>
) => [id: ID, traits: T, options: Options, callback: Callback | undefined] {
  return (...args) => {
    const slots: ("id" | "traits" | "options")[] = ["id", "traits", "options"];
    const found: { id?: string; traits?: unknown; options?: unknown } = {};
    let callback: Callback | undefined;
    for (const arg of args as unknown[]) {
      let slot = slots.shift();
      if (slot === "id") {
        if (isText(arg) || typeof arg === "number") {
          found.id = arg.toString();
          continue;
        }
        if (arg === null || arg === undefined) continue;
        slot = slots.shift();
      }
      if (slot && (arg === null || arg === undefined || isPlainObject(arg))) {
        found[slot] = arg as never;
      }
      if (isCallback(arg)) {
        callback = arg;
        break;
      }
    }
    return [
      found.id ?? user.id(),
      (found.traits ?? {}) as T,
      found.options ?? {},
      callback,
    ];
  };
}

/** Resolves the new id, the old id, options and callback of an `alias`. */
export function resolveAliasArguments(
  ...args: AliasParams
): [
  to: string,
  from: string | null,
  options: Options,
  callback: Callback | undefined,
] {
  const [first, second, ...rest] = args.slice(0, 4) as unknown[];
  const ids = [first, second].map((id) =>
    typeof id === "number" ? id.toString() : id,
  );
  const given = [...ids, ...rest];
  const [to = ids[0] as string, from = null] = given.filter(isText);
  const options = given.find(isPlainObject) ?? {};
  return [to, from, options, given.find(isCallback)];
}
