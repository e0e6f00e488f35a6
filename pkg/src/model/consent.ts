/** What a visitor answered, by category. */
export type Choices = Readonly<Record<string, boolean>>;

/** What a page's own rules of consent say; `consent` of `waymark/consent` makes one. */
export interface ConsentPolicy {
  /** Whether nothing is recorded until there is an answer. */
  readonly required: boolean;
  /** The category without which nothing is recorded. */
  readonly category: string;
  /** Whether somebody else remembers the answer, so that no denial has to be stored. */
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
