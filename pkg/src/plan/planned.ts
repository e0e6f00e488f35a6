/** Types of a client that takes the events of a plan only. */
import type { AnalyticsBrowser } from "../front/analytics-browser";
import type { Context } from "../model/context";
import type { Callback } from "../model/call-arguments";
import type { Options } from "../model/event";

type Rest = [options?: Options, callback?: Callback];

/** The arguments after the event's name; properties may be left out if none is required. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- asks what is required
type After<Properties> = {} extends Properties
  ? [properties?: Properties, ...rest: Rest]
  : [properties: Properties, ...rest: Rest];

/**
 * The client with the `track` of a plan: `TrackingPlan` as `waymark types` writes it. At run time
 * it is the client that it was.
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
