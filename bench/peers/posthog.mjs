import posthog from "posthog-js";

/** @param {string} host the collector's `host:port` */
export function start(host) {
  posthog.init("bench", {
    api_host: `http://${host}`,
    autocapture: false,
    capture_pageview: false,
    capture_pageleave: false,
    capture_performance: false,
    capture_dead_clicks: false,
    disable_session_recording: true,
    disable_surveys: true,
    advanced_disable_flags: true,
    // It silently drops the events of an automated browser.
    opt_out_useragent_filter: true,
  });
}

/** @param {string} name @param {object} [properties] */
export function track(name, properties) {
  posthog.capture(name, properties);
}
