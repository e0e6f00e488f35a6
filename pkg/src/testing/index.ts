/** The entry `waymark/testing`: a recording client, and matchers for its events. */
export { matchers } from "./matchers";
export type { MatcherResult } from "./matchers";
export type { Events } from "./matches";
export { RecordingClient } from "./recording-client";
