/** Types of what a client starts with, and of one that has started. */
import type { Journal } from "../journal/journal";
import type { PageFacts } from "../page/page";
import type { Analytics } from "./analytics";

/** Where and when `load` was called, and what calls the page's address asked for then. */
export interface Beginning {
  query: string;
  nowMs: number;
  page: PageFacts;
}

/** What a client that starts may do, which may change while it does. */
export interface Permit {
  /** Settles when nothing is being erased. */
  erased: () => Promise<void> | undefined;
  isGranted: () => boolean;
  /** Is given the journal, which is there before the core is. */
  keep: (open: () => Journal) => Journal;
}

/** A client that is there, and what makes it begin. */
export interface Started {
  analytics: Analytics;
  /** Registers what `load` was given; resolves when held calls may be made. */
  begin: () => Promise<void>;
}
