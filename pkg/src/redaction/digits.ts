/** Card and phone numbers: what groups of digits may be. */
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

/** Which numbers are looked for. */
export interface Wanted {
  card: boolean;
  phone: boolean;
}

/** Groups of digits with single separators between them. */
interface Run {
  readonly groups: readonly Span[];
  /** Where it begins: at the `+` or the bracket before its digits, where there is one. */
  readonly from: number;
  readonly hasPlus: boolean;
}

const PLUS = 43;
const SEPARATORS = " -./()\u00a0_";

/** Separators that may stand between two groups, as in `(020) 7946 0958`. */
const BETWEEN_MAX = 2;

/** Reads the run whose first digit is at `start`; its groups are at least one. */
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

/** The number of groups from `first` that are a card's number, or 0. */
function cardGroups(text: Text, { groups }: Run, first: number): number {
  let digits = "";
  for (let at = first; at < groups.length; at++) {
    const { from, to } = groups[at]!;
    if (digits.length + to - from > CARD_DIGITS_MAX) return 0;
    digits += text.slice(from, to);
    if (digits.length < CARD_DIGITS_MIN) continue;
    // The first digit names the industry: 2 to 6 are those that issue cards.
    if (/^[2-6]/.test(digits) && passesLuhn(digits)) return at - first + 1;
  }
  return 0;
}

/** The number of groups from `first` that are a phone number, or 0. */
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

/** The most groups that have together between `min` and `max` digits, or 0. */
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

/** Where the text has card and phone numbers, in order and apart. */
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
