/** Types of a client that takes only the events of a plan. */
import type { AnalyticsBrowser } from "../front/analytics-browser";
import type { Context } from "../model/context";
import type { Callback } from "../model/call-arguments";
import type { Options } from "../model/event";

type Rest = [options?: Options, callback?: Callback];

/** The arguments after the event's name; properties are optional if none is required. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- asks what is required
type After<Properties> = {} extends Properties
  ? [properties?: Properties, ...rest: Rest]
  : [properties: Properties, ...rest: Rest];

/**
 * The client with a `track` typed by a plan: `TrackingPlan` as `waymark types` writes it. At run
 * time it is the same client.
 */
export type Planned<TrackingPlan, Client = AnalyticsBrowser> = Omit<
  Client,
  "track"
> & {
  track<Event extends keyof TrackingPlan & string>(
    event: Event,
    ...after: After<TrackingPlan[Event]>
  ): Promise<Context>;
};
