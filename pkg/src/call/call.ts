import { type PageFacts, pageOfSnippet, readPage } from "../page/page";
import { randomId } from "../base/random-id";
import { isOfPage, snapshot } from "../base/snapshot";
import type { Callback } from "../model/call-arguments";

/** Calls that become events. */
export type Method =
  "track" | "page" | "screen" | "identify" | "group" | "alias";

/** A call as it is held: its text, with the time and page of its moment. */
export interface HeldCall {
  /** The method's name: one of {@link Method}, `reset` or `setAnonymousId`. */
  readonly method: string;
  /** The text form; see `waymark_core::call`. */
  text: string;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The page of the call. */
  page: PageFacts;
  /** Whether its page is redacted and the extensions have seen it, so that it may be kept. */
  seen?: boolean;
  /** The reason if an extension has dropped it. */
  dropped?: string;
  /** Whether it was posted on the express lane. */
  posted?: boolean;
  /** Whether a gateway has stored its event, which is not sent again then. */
  stored?: boolean;
}

/** Whether a call is a `track`, `page` or `screen`. */
export const isEvent = ({ text }: HeldCall): boolean =>
  /^(track|page|screen) /.test(text);

/** Whether a call is an event and no more: no option of it changes the identity, either. */
export const isEventOnly = (call: HeldCall): boolean =>
  isEvent(call) && call.text.indexOf('"anonymousId"') < 0;

/** A call that becomes an event, with its arguments copied. */
export interface Call extends HeldCall {
  readonly method: Method;
  /** The first function among the arguments; called when the event is recorded. */
  readonly callback: Callback | undefined;
}

/** Whether `value` counts as a plain object argument; class instances do (contract, §a.5). */
export function isPlainObject(value: unknown): value is object {
  try {
    return Object.prototype.toString.call(value) === "[object Object]";
  } catch {
    return false; // A proxy may throw.
  }
}

/** Adds the members that are `undefined`: such traits remove the stored ones. */
function withUndefined(text: string, value: Record<string, unknown>): string {
  const gone = Object.keys(value).filter((key) => {
    try {
      return value[key] === undefined;
    } catch {
      return false; // A getter throws.
    }
  });
  if (gone.length === 0) return text;
  const members = gone.map((key) => `${snapshot(key)}:undefined`);
  const separator = text === "{}" ? "" : ",";
  return `${text.slice(0, -1)}${separator}${members.join(",")}}`;
}

/** The text of one argument; see `waymark_core::call`. */
function encodeArgument(value: unknown, traits: boolean): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return snapshot(value);
  if (typeof value === "number") return `n${value}`;
  if (typeof value === "function") return "f";
  if (!isPlainObject(value)) return "x";
  const text = snapshot(value);
  if (text[0] !== "{") return "x"; // The event goes without it.
  return traits ? withUndefined(text, value as Record<string, unknown>) : text;
}

function membersOf(value: object): object {
  try {
    // The value may be a text or a number.
    return isOfPage(Object(value) as object) ? {} : { ...value };
  } catch {
    return {};
  }
}

/**
 * Copies a call when it is made, and draws its event's id, as more than one page may replay it.
 * Segment's snippet adds the page of that moment as an argument.
 */
export function copyCall(method: Method, given: readonly unknown[]): Call {
  const page = pageOfSnippet(given[given.length - 1]);
  const args = page ? given.slice(0, -1) : given;
  let text = `${method} ${randomId()}`;
  const takesTraits = method === "identify" || method === "group";
  const traitsAt = isPlainObject(args[0]) ? 0 : 1;
  // Any value in the place of a track's options counts as an object, as in Segment's client.
  const optionsAt = isPlainObject(args[0]) ? 1 : 2;
  args.forEach((given, at) => {
    const options = method === "track" && at === optionsAt;
    const odd = options && typeof given !== "function" && !isPlainObject(given);
    const argument = odd && given ? membersOf(given) : given;
    text += "\n" + encodeArgument(argument, takesTraits && at === traitsAt);
  });
  const [callback] = args.filter((arg) => typeof arg === "function");
  return {
    method,
    text,
    nowMs: +new Date(),
    page: page ?? readPage(),
    callback: callback as Callback | undefined,
  };
}
