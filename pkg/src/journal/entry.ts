import type { Item } from "./item";

/** A record of this page: what one task recorded, until all of it is settled. */
export interface Entry {
  readonly number: number;
  /** Empty once committed: the database has them. */
  items: Item[];
  chars: number;
  /** Number of items whose fate is not known. */
  live: number;
  committed: boolean;
}

/** A record that has nothing yet. */
export const newEntry = (number: number): Entry => ({
  number,
  items: [],
  chars: 0,
  live: 0,
  committed: false,
});

/** Something that was taken over from an earlier page, and the record it is in now. */
export interface Restored {
  item: Item;
  entry: Entry | undefined;
}

/** Tells whether another page has taken an entry over. */
export type IsTaken = (entry: Entry) => boolean;
