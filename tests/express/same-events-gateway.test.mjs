// @ts-check
// The events that the gateway makes of held calls.
import { LANES, sameEvents } from "./same-events.mjs";

sameEvents(LANES.gateway);
