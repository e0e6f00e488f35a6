/** Types of the arguments of calls, in all their forms (contract, §a.5). */
import type { Context } from "./context";
import type {
  EventProperties,
  GroupTraits,
  Options,
  SegmentEvent,
  Traits,
  UserTraits,
} from "./event";
import type { ID } from "./storage";

/** Calls back with the event's context. */
export type Callback<Ctx = Context> = (
  context: Ctx,
) => Promise<unknown> | unknown;

/** The forms of `track`. */
export type EventParams = [
  eventName: string | SegmentEvent,
  properties?: EventProperties | Callback,
  options?: Options | Callback,
  callback?: Callback,
];

/** The forms of `page` and `screen`. */
export type PageParams = [
  category?: string | object | null,
  name?: string | object | Callback | null,
  properties?: EventProperties | Options | Callback | null,
  options?: Options | Callback,
  callback?: Callback,
];

/** The forms of `identify` and `group`. */
export type UserParams<T extends Traits> = [
  id?: ID | object,
  traits?: T | Callback | null,
  options?: Options | Callback,
  callback?: Callback,
];

/** The forms of `identify`. */
export type IdentifyParams = UserParams<UserTraits>;

/** The forms of `group`. */
export type GroupParams = UserParams<GroupTraits>;

/** The forms of `alias`. */
export type AliasParams = [
  to: string | number,
  from?: string | number | Options,
  options?: Options | Callback,
  callback?: Callback,
];

/** The result of a call's promise. */
export type DispatchedEvent = Context;
