import { snapshot } from "../base/snapshot";
import { SPILL_ALIVE_MS, SPILL_CHARS_MAX } from "../base/limits";
import type { Item } from "./item";

/** Prefix of the spills' keys; a spill holds what a page could not commit before it went. */
const PREFIX = "waymark:spill:";

/** The segments that this page has spilled. */
const ofThisPage: string[] = [];

/** A record's number in its segment, and its items. */
export type SpilledRecord = readonly [number: number, items: readonly Item[]];

/** A page's spill in localStorage. */
export interface Spilled {
  segment: string;
  records: SpilledRecord[];
  /** Numbers of records that are settled, though the database may not know it yet. */
  settled: number[];
  /** When its page was there, in milliseconds since 1970; undefined once the page is left. */
  aliveMs?: number | undefined;
}

interface SpillText {
  writeKey: string;
  records: SpilledRecord[];
  settled?: number[];
  aliveMs?: number | undefined;
}

/**
 * Writes the oldest records, as many as the limit allows, and returns those written. It is
 * synchronous because a page that goes awaits nothing. Storage may be refused.
 */
export function spill(
  segment: string,
  writeKey: string,
  records: readonly SpilledRecord[],
  settled: number[] = [],
  aliveMs?: number,
): SpilledRecord[] {
  let chars = 0;
  const kept = records.filter(([, items]) => {
    for (const [, , text] of items) chars += text.length;
    return chars <= SPILL_CHARS_MAX;
  });
  try {
    const text: SpillText = { writeKey, records: kept, settled, aliveMs };
    localStorage.setItem(PREFIX + segment, snapshot(text));
    if (ofThisPage.indexOf(segment) < 0) ofThisPage.push(segment);
    return kept;
  } catch {
    return [];
  }
}

/** Whether a segment's spill is still there; another page may have taken it over. */
export function isSpilled(segment: string): boolean {
  try {
    return localStorage.getItem(PREFIX + segment) !== null;
  } catch {
    return false;
  }
}

/** Removes a segment's spill. */
export function removeSpill(segment: string): void {
  try {
    localStorage.removeItem(PREFIX + segment);
  } catch {
    // Nothing was stored either.
  }
}

/** Reads all spills for this write key. */
export function readSpills(writeKey: string): Spilled[] {
  const found: Spilled[] = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.indexOf(PREFIX)) continue;
      const spilled = parse(localStorage.getItem(key));
      if (spilled?.writeKey !== writeKey) continue;
      const segment = key.slice(PREFIX.length);
      const { records, settled = [], aliveMs } = spilled;
      found.push({ segment, records, settled, aliveMs });
    }
  } catch {
    // Without localStorage there are no spills.
  }
  return found;
}

/** Whether another page's spill for this write key is there. */
export const hasOtherSpills = (writeKey: string): boolean =>
  readSpills(writeKey).some(({ segment }) => ofThisPage.indexOf(segment) < 0);

/** The segments of the spills for this write key whose pages are not known to be there. */
export const leftSpills = (writeKey: string): string[] =>
  readSpills(writeKey)
    .filter(
      ({ aliveMs = 0 }) => Math.abs(+new Date() - aliveMs) > SPILL_ALIVE_MS,
    )
    .map(({ segment }) => segment);

function parse(text: string | null): SpillText | undefined {
  try {
    const spilled = JSON.parse(text ?? "") as SpillText;
    return Array.isArray(spilled.records) ? spilled : undefined;
  } catch {
    return undefined;
  }
}
