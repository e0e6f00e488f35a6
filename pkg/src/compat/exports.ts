/** Other exports of Segment's client. */
import type { Analytics } from "../client/analytics";
import type { Context } from "../model/context";
import type { CDNSettings } from "../model/source-settings";
import type {
  InternalDestinationPluginWithAddMiddleware,
  Plugin,
} from "../model/plugin";
import type { SegmentioSettings } from "../model/delivery";

/** Whether a plugin is a destination that takes middleware. */
export function isDestinationPluginWithAddMiddleware(
  plugin: Plugin,
): plugin is InternalDestinationPluginWithAddMiddleware {
  return "addMiddleware" in plugin && plugin.type === "destination";
}

/**
 * The client for Node.js. It is a name only, as in Segment's own package for browsers.
 *
 * @deprecated Servers use a client of their own, such as `@segment/analytics-node`.
 */
export class AnalyticsNode {
  /** Rejects. */
  static load(_settings?: { writeKey: string }): Promise<[Analytics, Context]> {
    const why = "AnalyticsNode is not available in browsers.";
    return Promise.reject(new Error(why));
  }
}

/**
 * The plugin by which Segment's client sends events. Here the core of every client sends them:
 * this one only says so, and lets events pass.
 */
export function segmentio(
  _analytics: Analytics,
  _settings?: Partial<SegmentioSettings>,
  _integrations?: CDNSettings["integrations"],
): Plugin {
  console.warn("waymark: segmentio() does nothing, the client itself sends");
  return {
    name: "Segment.io (unused)",
    type: "utility",
    version: "1.0.0",
    isLoaded: () => true,
    load: () => Promise.resolve(),
  };
}
