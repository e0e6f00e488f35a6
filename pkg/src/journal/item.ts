import type { PageFacts } from "../page/page";

/** An event that the core has; its text goes as it is. */
export const EVENT = 0;
/** An event that has not passed the plugins yet. */
export const UNPROCESSED = 1;
/** A call that has not reached the core yet. */
export const CALL = 2;

/**
 * One item of the journal: its kind, the time of its call (milliseconds since 1970), its text (an
 * event as JSON, or a call in text form) and, for a call, its page.
 */
export type Item =
  | readonly [
      kind: typeof EVENT | typeof UNPROCESSED,
      atMs: number,
      text: string,
    ]
  | readonly [kind: typeof CALL, atMs: number, text: string, page: PageFacts];
