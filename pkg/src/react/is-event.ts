import { isOfPage } from "../base/snapshot";

/** Whether this is a DOM or React event: a handler may be called with one by accident. */
export function isEvent(given: unknown): boolean {
  return given === Object(given) && isOfPage(given as object);
}
