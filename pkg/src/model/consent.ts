/** The visitor's choices, by category. */
export type Choices = Readonly<Record<string, boolean>>;

/** A page's consent rules, as `consent` of `waymark/consent` makes them. */
export interface ConsentPolicy {
  /** Whether recording waits for an answer. */
  readonly required: boolean;
  /** The category that all recording needs. */
  readonly category: string;
  /** Whether a banner remembers the answer, so that no denial has to be stored. */
  readonly isRemembered: boolean;
  /** The choices in force, after the browser's signals are applied. */
  standing(choices: Choices): Choices;
  /** Further categories that a call needs, by its text (see `waymark_core::call`). */
  needs(text: string): readonly string[];
  /** The destinations that must get no events, as members of `integrations`. */
  refused(allows: (category: string) => boolean): Record<string, false>;
  /** Starts to report the visitor's answers, now and later. */
  begin(update: (choices: Choices) => void): void;
}

/** The `consent` option of `load`. */
export type ConsentOption = "granted" | "required" | ConsentPolicy;
