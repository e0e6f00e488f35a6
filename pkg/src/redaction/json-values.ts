/** Rewrites the values in a JSON text, and leaves the rest of it as it stands. */

/** How a text's values are rewritten. */
export interface Rewrite {
  /** What a member's name says of the values under it, as bits. */
  bits: (key: string) => number;
  /**
   * What to write instead of `value`, a string or a number's digits; the same to leave it. `bits`
   * are those of all names that lead to it.
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
 * Rewrites strings and numbers of a text that `JSON.stringify` wrote (members may be the word
 * `undefined`, too); a number becomes a string. The time it takes is in proportion to the text.
 */
export function rewriteValues(text: string, rewrite: Rewrite): string {
  /** The bits of each object and array that is open, and of what leads to it. */
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
