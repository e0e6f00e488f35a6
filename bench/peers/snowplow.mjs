import {
  newTracker,
  trackSelfDescribingEvent,
} from "@snowplow/browser-tracker";

const SCHEMA = "iglu:com.example/shop_event/jsonschema/1-0-0";

/** @param {string} host the collector's `host:port` */
export function start(host) {
  newTracker("sp", `http://${host}`, { appId: "bench" });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  trackSelfDescribingEvent({
    event: { schema: SCHEMA, data: { ...properties, event: name } },
  });
}
