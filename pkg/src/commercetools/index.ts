/** The entry `waymark/commercetools`: for functions that get what commercetools sends. */
export {
  createSegmentClient,
  sendCustomerToSegment,
  sendCustomerToSegmentWithClient,
} from "./service";
export { transformCustomerToSegment } from "./transformer";
export type * from "./types";
export { extractCustomerFromPayload, validatePayload } from "./validator";
