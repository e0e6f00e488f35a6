/** Options of the plugin, and what they become. */
import { FLUSH_AT, FLUSH_INTERVAL_MS } from "./limits";

/** Options of the plugin in `medusa-config.ts`. */
export interface WaymarkOptions {
  /** A server key of the gateway; else `WAYMARK_WRITE_KEY` or `SEGMENT_WRITE_KEY`. */
  writeKey?: string;
  /** The gateway's address; else `WAYMARK_HOST`. There is no other. */
  host?: string;
  /** Events that are sent at once, 20 by default. */
  flushAt?: number;
  /** Milliseconds that an event waits for others of its batch, 10 000 by default. */
  flushInterval?: number;
  /**
   * Other names for events (`{ "Order Completed": "Order Placed" }`), or `false` for events that
   * somebody else tells of.
   */
  events?: Record<string, string | false>;
  /** Whether requests to the store API make events, too: off by default. */
  storeApi?: boolean;
  /** Keeps no event and sends none. */
  disable?: boolean;
}

/** The options with their defaults. */
export interface Settings {
  writeKey: string | undefined;
  /** Where batches are posted. */
  url: string | undefined;
  flushAt: number;
  flushInterval: number;
  events: Record<string, string | false>;
  storeApi: boolean;
  disable: boolean;
}

/** A positive number, or the default. */
const positive = (value: number | undefined, otherwise: number): number =>
  typeof value === "number" && value > 0 ? value : otherwise;

/**
 * The settings of options and environment.
 *
 * @throws {TypeError} for a host that is no address of HTTP
 */
export function settingsOf(
  options: WaymarkOptions = {},
  environment: Record<string, string | undefined> = process.env,
): Settings {
  const host = options.host || environment.WAYMARK_HOST;
  let url: string | undefined;
  if (host) {
    const address = URL.canParse(host) ? new URL(host) : undefined;
    if (!address || !/^https?:$/.test(address.protocol)) {
      throw new TypeError("waymark: host must begin with http:// or https://");
    }
    const path = address.pathname.replace(/\/(v1\/?)?$/, "");
    url = `${address.origin}${path}/v1/batch`;
  }
  return {
    writeKey:
      options.writeKey ||
      environment.WAYMARK_WRITE_KEY ||
      environment.SEGMENT_WRITE_KEY ||
      undefined,
    url,
    flushAt: positive(options.flushAt, FLUSH_AT),
    flushInterval: positive(options.flushInterval, FLUSH_INTERVAL_MS),
    events: options.events ?? {},
    storeApi: options.storeApi ?? false,
    disable: options.disable ?? false,
  };
}
