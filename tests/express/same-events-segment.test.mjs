// @ts-check
// The events that the page's script writes for Segment.
import { LANES, sameEvents } from "./same-events.mjs";

sameEvents(LANES.segment);
