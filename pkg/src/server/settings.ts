/** Settings of a service, from its configuration and the environment. */
import type { SegmentServerConfig } from "./event-types";
import { FLUSH_AT, FLUSH_INTERVAL_MS, QUEUE_MAX, RETRIES_MAX } from "./limits";

/** A configuration with nothing missing. */
export type Settings = Required<Omit<SegmentServerConfig, "onError">> &
  Pick<SegmentServerConfig, "onError">;

/** The environment's variables, where the platform has them. */
function environment(): Record<string, string | undefined> {
  const { process } = globalThis as {
    process?: { env?: Record<string, string | undefined> };
  };
  return process?.env ?? {};
}

/** The gateway's address without a slash or `/v1` at its end, which the client adds. */
function addressOf(host: string): string {
  if (!/^https?:\/\//i.test(host) || !URL.canParse(host)) {
    throw new TypeError(
      `waymark: the host ${host} is no address such as https://events.shop.example`,
    );
  }
  const { origin, pathname } = new URL(host);
  return origin + pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** Throws a `TypeError` unless it knows where to send, and with which key. */
export function settingsOf(config: SegmentServerConfig): Settings {
  const { WAYMARK_HOST, WAYMARK_WRITE_KEY, SEGMENT_WRITE_KEY } = environment();
  const disable = config.disable ?? false;
  const host = config.host || WAYMARK_HOST;
  const writeKey = config.writeKey || WAYMARK_WRITE_KEY || SEGMENT_WRITE_KEY;
  if (!host && !disable) {
    throw new TypeError("waymark: no host: give `host` or set WAYMARK_HOST");
  }
  if (!writeKey && !disable) {
    throw new TypeError(
      "waymark: no write key: give `writeKey` or set WAYMARK_WRITE_KEY",
    );
  }
  return {
    disable,
    flushAt: config.flushAt || FLUSH_AT,
    flushInterval: config.flushInterval ?? FLUSH_INTERVAL_MS,
    host: host ? addressOf(host) : "",
    maxQueueSize: config.maxQueueSize || QUEUE_MAX,
    maxRetries: config.maxRetries ?? RETRIES_MAX,
    onError: config.onError,
    writeKey: writeKey ?? "",
  };
}
