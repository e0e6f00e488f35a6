/** The part of a string that searches use, so that a test can count reads. */
export type Text = Pick<string, "length" | "charCodeAt" | "indexOf" | "slice">;

/** A part of a text, from `from` up to but not including `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether the character is one of `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether the character is a Latin letter, a digit, or outside ASCII. */
export function isWordPart(code: number): boolean {
  const lower = code | 32;
  return isDigit(code) || (lower >= 97 && lower <= 122) || code > 127;
}

/** The text with `mark` in place of each span. Spans are in order and do not overlap. */
export function replaceSpans(
  text: Text,
  spans: readonly Span[],
  mark: string,
): string {
  let out = "";
  let at = 0;
  for (const { from, to } of spans) {
    out += text.slice(at, from) + mark;
    at = to;
  }
  return out + text.slice(at);
}
