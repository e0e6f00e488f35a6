/**
 * Segment's facade of an event, which middleware reads it by. A script of its own in the package:
 * the facade is CommonJS, and what that needs would else be a part of every page's first script.
 */
import {
  Alias,
  Facade,
  Group,
  Identify,
  Page,
  Screen,
  Track,
} from "@segment/facade";
import type { SegmentEvent } from "../model/event";

const FACADES = {
  alias: Alias,
  group: Group,
  identify: Identify,
  page: Page,
  screen: Screen,
  track: Track,
};

/** The event with the accessors that middleware expects; `obj` is the event itself. */
export function toFacade(event: SegmentEvent): Facade {
  const Kind = FACADES[event.type] ?? Facade;
  const facade = new Kind(event, { clone: true, traverse: false });
  Object.defineProperty(facade, "obj", { value: event, writable: true });
  return facade;
}
