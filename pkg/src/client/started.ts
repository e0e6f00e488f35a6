/** Types of the start of a client: its input and its result. */
import type { Journal } from "../journal/journal";
import type { PageFacts } from "../page/page";
import type { Analytics } from "./analytics";

/** The moment of `load`. */
export interface Beginning {
  /** The part of the page's address that may make calls. */
  query: string;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The page at that moment. */
  page: PageFacts;
}

/** The consent of a client that is starting; it may change meanwhile. */
export interface Permit {
  /** Settles when a running erasure is done. */
  erased: () => Promise<void> | undefined;
  /** Whether consent is granted now. */
  isGranted: () => boolean;
  /**
   * Returns the journal, which `open` opens if need be, before the core is there. It is told the
   * segment of the page's early spill, which it takes over.
   */
  keep: (open: (early: string) => Journal) => Journal;
}

/** A client that is created, and the function that begins its work. */
export interface Started {
  analytics: Analytics;
  /** Registers the plugins given to `load`; resolves when held calls may be made. */
  begin: () => Promise<void>;
}
