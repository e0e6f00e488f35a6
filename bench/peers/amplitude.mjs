import * as amplitude from "@amplitude/analytics-browser";

/** @param {string} host the collector's `host:port` */
export function start(host) {
  amplitude.init("bench", {
    serverUrl: `http://${host}/2/httpapi`,
    autocapture: false,
    fetchRemoteConfig: false,
  });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  amplitude.track(name, properties);
}
