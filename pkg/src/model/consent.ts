/** A visitor's answers, by category. */
export type Choices = Readonly<Record<string, boolean>>;

/** A page's own rules of consent; `consent` of `waymark/consent` makes them. */
export interface ConsentPolicy {
  /** Whether nothing is recorded until there is an answer. */
  readonly required: boolean;
  /** The category without which nothing is recorded. */
  readonly category: string;
  /** Whether a consent platform remembers the answer, so that no denial has to be stored. */
  readonly isRemembered: boolean;
  /** The choices that stand, whatever the browser says for its user. */
  standing(choices: Choices): Choices;
  /** The categories that a call needs besides; its text is that of `waymark_core::call`. */
  needs(text: string): readonly string[];
  /** The destinations that get nothing, as members of `integrations`. */
  refused(allows: (category: string) => boolean): Record<string, false>;
  /** Begins to tell what the visitor answers, now and later. */
  begin(update: (choices: Choices) => void): void;
}

/** The `consent` option of `load`. */
export type ConsentOption = "granted" | "required" | ConsentPolicy;
