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

/** The context of an event, as long as anybody has it. */
export function contextOf({ context }: Followed): Context | undefined {
  return context instanceof WeakRef ? context.deref() : context;
}

/** How many of these events each record of the journal has. */
export function liveOf(all: readonly Followed[]): Map<Entry, number> {
  const live = new Map<Entry, number>();
  for (const { entry } of all) {
    if (entry) live.set(entry, (live.get(entry) ?? 0) + 1);
  }
  return live;
}
