/** The clients to which a tracker hands its events. */
import { HELD_CALLS_MAX } from "../base/limits";
import type { Options } from "../model/event";

/** A shop's event as one object, as `@segment/analytics-node` takes it. */
export interface EcommerceEvent extends Options {
  event: string;
  properties: Record<string, unknown>;
}

/**
 * An analytics client of the page, or a function that takes an event as one object, such as
 * `(event) => analyticsNode.track(event)` on a server.
 */
export type EcommerceClient =
  | {
      track(
        event: string,
        properties: Record<string, unknown>,
        options?: Options,
      ): unknown;
    }
  | ((event: EcommerceEvent) => unknown);

/** Hands an event to a client, which reports its own failures. */
export function hand(client: EcommerceClient, given: EcommerceEvent): void {
  const { event, properties, ...options } = given;
  const said =
    typeof client === "function"
      ? client(given)
      : client.track(event, properties, options);
  void Promise.resolve(said).catch(() => {});
}

let shared: EcommerceClient | undefined;
let held: EcommerceEvent[] = [];

/** Gives `client` to all trackers made without one, and hands it the events they hold. */
export function share(client: EcommerceClient): void {
  shared = client;
  const waiting = held;
  held = [];
  for (const event of waiting) hand(client, event);
}

/** Hands an event to the shared client, or holds it with its time until there is a client. */
export function handToShared(event: EcommerceEvent): void {
  if (shared) hand(shared, event);
  else if (held.length < HELD_CALLS_MAX) {
    held.push({ timestamp: new Date(), ...event });
  }
}
