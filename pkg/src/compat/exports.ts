/** Further exports of Segment's client; some exist in name only. */
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
 * A stand-in for the Node.js client, which is not available in browsers.
 *
 * @deprecated Servers use a client of their own, such as `@segment/analytics-node`.
 */
export class AnalyticsNode {
  /** Always rejects. */
  static load(_settings?: { writeKey: string }): Promise<[Analytics, Context]> {
    const why = "AnalyticsNode is not available in browsers.";
    return Promise.reject(new Error(why));
  }
}

/**
 * In Segment's client, the plugin that sends events. In Waymark the core always sends, so this
 * plugin only warns and lets events pass.
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
