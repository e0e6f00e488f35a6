/** Rewrites the values in a JSON text and leaves the rest unchanged. */

/** The rules for rewriting values. */
export interface Rewrite {
  /** The bits that a member's name gives to the values under it. */
  bits: (key: string) => number;
  /**
   * The text to write instead of `value`, a string or a number's digits; `value` itself leaves it
   * unchanged. `bits` are those of all names on its path.
   */
  value: (value: string, bits: number) => string;
}

/** The position after the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function numberEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && !",]}".includes(text[at]!)) at++;
  return at;
}

/**
 * Rewrites strings and numbers in a text from `JSON.stringify`, in which the word `undefined` may
 * also stand for a value. A rewritten number becomes a string. Takes linear time.
 */
export function rewriteValues(text: string, rewrite: Rewrite): string {
  /** The bits that apply inside each open object and array. */
  const open: number[] = [];
  let bits = 0;
  let out = "";
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    let end = at + 1;
    if (char === '"') {
      end = stringEnd(text, at);
      const value = JSON.parse(text.slice(at, end)) as string;
      if (text[end] === ":") {
        bits = (open.at(-1) ?? 0) | rewrite.bits(value);
      } else {
        const other = rewrite.value(value, bits);
        if (other !== value) {
          out += JSON.stringify(other);
          at = end;
          continue;
        }
      }
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      end = numberEnd(text, at);
      const value = text.slice(at, end);
      const other = rewrite.value(value, bits);
      out += other === value ? value : JSON.stringify(other);
      at = end;
      continue;
    } else if (char === "{" || char === "[") open.push(bits);
    else if (char === "}" || char === "]") {
      open.pop();
      bits = open.at(-1) ?? 0;
    }
    out += text.slice(at, end);
    at = end;
  }
  return out;
}
