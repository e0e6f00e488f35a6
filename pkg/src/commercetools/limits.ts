/** Limits of what commercetools sends, each with its unit and its reason. */

/** Longest message id, in characters: Segment's limit. */
export const MESSAGE_ID_CHARS_MAX = 100;
