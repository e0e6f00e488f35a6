import type { Context } from "./context";
import type { Entry } from "./journal/entry";
import type { Item } from "./journal/item";

/** What is kept about an event in the core, until its fate is known. */
export interface Followed {
  context?: WeakRef<Context> | Context;
  entry: Entry | undefined;
  /** The event's time and text, where no journal has them. */
  kept: Item | undefined;
  /** To be called when the event was tried once. */
  tried?: () => void;
}
