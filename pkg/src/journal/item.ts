import type { PageFacts } from "../page/page";

/** An event that the core has; its text goes as it is. */
export const EVENT = 0;
/** An event that has not passed the plugins yet. */
export const UNPROCESSED = 1;
/** A call that has not reached the core yet. */
export const CALL = 2;

/**
 * One entry of the journal, wherever it is kept: its kind, its time (milliseconds since 1970), its
 * text (JSON of an event, or the text form of a call), and the page of a call.
 */
export type Item =
  | readonly [
      kind: typeof EVENT | typeof UNPROCESSED,
      atMs: number,
      text: string,
    ]
  | readonly [kind: typeof CALL, atMs: number, text: string, page: PageFacts];
