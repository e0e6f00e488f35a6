import type { Item } from "./item";

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
