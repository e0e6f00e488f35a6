/** Types of extensions, which see each call before any of it is kept. */
import type { AnalyticsClient } from "./plugin";
import type { PageFacts } from "../page/page";
import type { ClientOptions } from "./options";

/** A call before it is kept; extensions may replace its text and its page. */
export interface Draft {
  /** `track`, `page`, `screen`, `identify`, `group` or `alias`. */
  readonly method: string;
  /** When it was made, in milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * A line for the method and one for each argument: a string or an object as JSON, a number as
   * `n` and its digits, anything else as a word or an empty line.
   */
  text: string;
  /** The page it was made on: address, path, search, title, referrer, and the canonical link. */
  page: PageFacts;
}

/** An extension's decision about a call. */
export interface Verdict {
  /** Why the call becomes no event; `delivery().refused.extensions` counts it by this word. */
  drop?: string | undefined;
  /** Members for the event's context; the call's own take precedence. */
  context?: Record<string, unknown> | undefined;
}

/** The client that asks an extension. */
export interface Asker {
  /** The options of `load`. */
  readonly options: ClientOptions;
  /** The client, once it has loaded. */
  readonly analytics: AnalyticsClient | undefined;
}

/**
 * Sees each call before any of it is journalled or sent: when the call is made or, if consent is
 * still missing, when the visitor grants it.
 */
export interface Extension {
  /** Its name in warnings. */
  readonly name: string;
  /**
   * Whether no call may bypass it: it runs before the others, and if it throws, the call is dropped
   * and counted by its name. Other extensions that throw are skipped.
   */
  readonly guards?: boolean;
  /** Sees a call. */
  see: (draft: Draft, asker: Asker) => Verdict | undefined | void;
  /** Forgets the visitor, after a denial of consent or a `reset`. */
  forget?: (why: "denied" | "reset", asker: Asker) => void;
}
