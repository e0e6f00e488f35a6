/** The client that a tracker records its events with. */
import { HELD_CALLS_MAX } from "../base/limits";
import type { Options } from "../model/event";

/** An event of a shop, as clients that take one object have it (`@segment/analytics-node`). */
export interface EcommerceEvent extends Options {
  event: string;
  properties: Record<string, unknown>;
}

/**
 * A client: an analytics client of the page, or what takes an event as one object, such as
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

/** Hands an event to a client. A promise that fails is the client's to tell of. */
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

/** Makes `client` the one of all trackers made without one, and hands it what they hold. */
export function share(client: EcommerceClient): void {
  shared = client;
  const waiting = held;
  held = [];
  for (const event of waiting) hand(client, event);
}

/** Hands an event to the shared client, or holds it, with its time, until there is one. */
export function handToShared(event: EcommerceEvent): void {
  if (shared) hand(shared, event);
  else if (held.length < HELD_CALLS_MAX) {
    held.push({ timestamp: new Date(), ...event });
  }
}
