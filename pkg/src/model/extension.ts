/** Types of what may see each call before anything of it is kept. */
import type { AnalyticsClient } from "./plugin";
import type { PageFacts } from "../page/page";
import type { ClientOptions } from "./options";

/** A call that was made and not kept yet; extensions may replace its text and its page. */
export interface Draft {
  /** `track`, `page`, `screen`, `identify`, `group` or `alias`. */
  readonly method: string;
  /** When it was made, in milliseconds since 1970. */
  readonly nowMs: number;
  /**
   * A line for the method, and one for each argument: a string or an object as JSON, a number as
   * `n` and its digits, anything else as a word or nothing.
   */
  text: string;
  /** The page it was made on: address, path, search, title, referrer, and the canonical link. */
  page: PageFacts;
}

/** An extension's decision about a call. */
export interface Verdict {
  /** Why the call becomes no event; `delivery().refused.extensions` counts it by this word. */
  drop?: string | undefined;
  /** Members of the event's context, where the call itself says nothing else. */
  context?: Record<string, unknown> | undefined;
}

/** Who asks an extension. */
export interface Asker {
  /** The options of `load`. */
  readonly options: ClientOptions;
  /** The client, once it is there. */
  readonly analytics: AnalyticsClient | undefined;
}

/**
 * Sees each call when it is made, or, if the visitor has not agreed by then, as soon as consent is
 * given; before anything of it is journalled or sent.
 */
export interface Extension {
  /** Its name in warnings. */
  readonly name: string;
  /**
   * Whether a call must not go on without it: it comes before the others, and a call over which
   * it throws is dropped and counted by its name. Other extensions that throw are skipped.
   */
  readonly guards?: boolean;
  /** Sees a call. */
  see: (draft: Draft, asker: Asker) => Verdict | undefined | void;
  /** Forgets what it knows of the visitor, who has refused consent or was `reset`. */
  forget?: (why: "denied" | "reset", asker: Asker) => void;
}
