/**
 * Segment's facade of an event, for middleware. It is a script of its own in the package because
 * the facade is CommonJS, whose helpers would otherwise join every page's first script.
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

/** Wraps the event in the accessors that middleware expects; `obj` is the event itself. */
export function toFacade(event: SegmentEvent): Facade {
  const Kind = FACADES[event.type] ?? Facade;
  const facade = new Kind(event, { clone: true, traverse: false });
  Object.defineProperty(facade, "obj", { value: event, writable: true });
  return facade;
}
