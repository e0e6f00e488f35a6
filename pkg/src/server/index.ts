/** The entry `waymark/server`: for a shop's own server. */
export {
  identityCookies,
  type IdentityCookieOptions,
} from "./identity-cookies";
export type * from "./event-types";
export type { ExpressRequest, ExpressResponse, Next } from "./express-types";
export { segmentRouter } from "./router";
export { segmentServer, SegmentServerService } from "./service";
export { segmentTrackingMiddleware, type TrackingOptions } from "./tracking";
