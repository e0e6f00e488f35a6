/** Finds card and phone numbers among groups of digits. */
import {
  CARD_DIGITS_MAX,
  CARD_DIGITS_MIN,
  NATIONAL_DIGITS_MAX,
  NATIONAL_DIGITS_MIN,
  PHONE_DIGITS_MAX,
  PHONE_DIGITS_MIN,
} from "./limits";
import { passesLuhn } from "./luhn";
import { isDigit, isWordPart, type Span, type Text } from "./text";

/** The kinds of numbers to look for. */
export interface Wanted {
  card: boolean;
  phone: boolean;
}

/** Groups of digits with one or two separators between them. */
interface Run {
  readonly groups: readonly Span[];
  /** Where it begins: at the first digit, or at a `+` or `(` just before it. */
  readonly from: number;
  readonly hasPlus: boolean;
}

const PLUS = 43;
const SEPARATORS = " -./()\u00a0_";

/** The most separators between two groups, as in `(020) 7946 0958`. */
const BETWEEN_MAX = 2;

/** Reads the run whose first digit is at `start`. It has at least one group. */
function readRun(text: Text, start: number): Run {
  const groups: Span[] = [];
  let at = start;
  for (;;) {
    const from = at;
    while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    groups.push({ from, to: at });
    let next = at;
    while (next - at < BETWEEN_MAX && isSeparator(text, next)) next++;
    if (next === at || next >= text.length) break;
    if (!isDigit(text.charCodeAt(next))) break;
    at = next;
  }
  const code = start > 0 ? text.charCodeAt(start - 1) : 0;
  const before = start > 1 ? text.charCodeAt(start - 2) : 0;
  const hasPlus = code === PLUS && !isWordPart(before);
  return { groups, from: hasPlus || code === 40 ? start - 1 : start, hasPlus };
}

function isSeparator(text: Text, at: number): boolean {
  if (at >= text.length) return false;
  return SEPARATORS.includes(String.fromCharCode(text.charCodeAt(at)));
}

/** How many groups from `first` form a card number; 0 if they form none. */
function cardGroups(text: Text, { groups }: Run, first: number): number {
  let digits = "";
  for (let at = first; at < groups.length; at++) {
    const { from, to } = groups[at]!;
    if (digits.length + to - from > CARD_DIGITS_MAX) return 0;
    digits += text.slice(from, to);
    if (digits.length < CARD_DIGITS_MIN) continue;
    // The first digit names the industry; those that issue payment cards have 2 to 6.
    if (/^[2-6]/.test(digits) && passesLuhn(digits)) return at - first + 1;
  }
  return 0;
}

/** How many groups from `first` form a phone number; 0 if they form none. */
function phoneGroups(text: Text, run: Run, first: number): number {
  const { groups, hasPlus } = run;
  const lengths = groups
    .slice(first, first + PHONE_DIGITS_MAX)
    .map(({ from, to }) => to - from);
  if (hasPlus && first === 0) {
    return within(lengths, PHONE_DIGITS_MIN, PHONE_DIGITS_MAX);
  }
  if (lengths[0] === 3 && lengths[1] === 3 && lengths[2] === 4) return 3;
  const zero = text.charCodeAt(groups[first]!.from) === 48;
  if (!zero || lengths.length < 2) return 0;
  return within(lengths, NATIONAL_DIGITS_MIN, NATIONAL_DIGITS_MAX);
}

/** The most groups from the start that have `min` to `max` digits together; 0 if none do. */
function within(lengths: readonly number[], min: number, max: number): number {
  let sum = 0;
  let groups = 0;
  for (const [at, length] of lengths.entries()) {
    sum += length;
    if (sum > max) break;
    if (sum >= min) groups = at + 1;
  }
  return groups;
}

/** Finds card and phone numbers, in order and without overlap. */
export function findNumbers(text: Text, wanted: Wanted): Span[] {
  const found: Span[] = [];
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const run = readRun(text, at);
    const { groups } = run;
    for (let group = 0; group < groups.length; group++) {
      const card = wanted.card ? cardGroups(text, run, group) : 0;
      const many = card || (wanted.phone ? phoneGroups(text, run, group) : 0);
      if (many === 0) continue;
      const from = group === 0 ? run.from : groups[group]!.from;
      group += many - 1;
      found.push({ from, to: groups[group]!.to });
    }
    at = groups[groups.length - 1]!.to;
  }
  return found;
}
