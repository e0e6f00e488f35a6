import { EVENT, type Item } from "./item";
import { distinct } from "./lists";
import type { Spilled } from "./spill";
import type { JournalRecord } from "./store";

/** A record of this page: the items of one task, kept until all are settled. */
export interface Entry {
  readonly number: number;
  /** Kept until all are settled: the page may delete the database. */
  items: Item[];
  chars: number;
  /** Number of items whose fate is not known. */
  live: number;
  committed: boolean;
}

/** Creates an empty record. */
export const newEntry = (number: number): Entry => ({
  number,
  items: [],
  chars: 0,
  live: 0,
  committed: false,
});

/** An item taken over from an earlier page, and the record that now holds it. */
export interface Restored {
  item: Item;
  entry: Entry | undefined;
}

/** Whether another page has taken over a record. */
export type IsTaken = (entry: Entry) => boolean;

/** The records of `entries` as the database keeps them. */
export const recordsOf = (
  entries: readonly Entry[],
  segment: string,
  writeKey: string,
): JournalRecord[] =>
  entries.map(({ number, items }) => ({ segment, number, writeKey, items }));

/**
 * The events of a failed core, for a fresh one: those `kept` without a journal, and those of this
 * page's records; `live` has the record of each event that is not known to be settled.
 */
export function recalled(
  kept: readonly Item[],
  live: readonly Entry[],
): Restored[] {
  const all: Restored[] = kept.map((item) => ({ item, entry: undefined }));
  for (const entry of distinct(live)) {
    const events = entry.items.filter(([kind]) => kind === EVENT);
    const count = live.filter((one) => one === entry).length;
    entry.live += events.length - count;
    all.push(...events.map((item) => ({ item, entry })));
  }
  return all;
}

/** The settled records noted in `spills`, each as segment and number. */
export function settledIn(spills: readonly Spilled[]): string[] {
  const all: string[] = [];
  for (const { segment, settled } of spills) {
    all.push(...settled.map((number) => `${segment} ${number}`));
  }
  return all;
}
