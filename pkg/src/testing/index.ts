/** The entry `waymark/testing`: a client that records, and matchers for what it recorded. */
export { matchers } from "./matchers";
export type { MatcherResult } from "./matchers";
export type { Events } from "./matches";
export { RecordingClient } from "./recording-client";
