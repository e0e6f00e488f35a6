/** Finds e-mail addresses. */
import { DOMAIN_MAX, LOCAL_PART_MAX } from "./limits";
import { isWordPart, type Span, type Text } from "./text";

const LOCAL = "._%+-'";

function isLocal(code: number): boolean {
  return isWordPart(code) || LOCAL.includes(String.fromCharCode(code));
}

/** The end of the domain that begins at `from`; `from` itself if it is not a domain. */
function domainEnd(text: Text, from: number): number {
  let end = from;
  let labelAt = from;
  let at = from;
  for (; at < text.length && at - from < DOMAIN_MAX; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) labelAt = at + 1;
    else if (!isWordPart(code) && code !== 45) break;
    // A domain has at least two labels, and the last has two characters or more.
    else if (labelAt > from && at - labelAt >= 1) end = at + 1;
  }
  return end;
}

/** Finds e-mail addresses, in order and without overlap. */
export function findEmails(text: Text): Span[] {
  const found: Span[] = [];
  let done = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at < done) continue;
    let from = at;
    const first = Math.max(done, at - LOCAL_PART_MAX);
    while (from > first && isLocal(text.charCodeAt(from - 1))) from--;
    const to = domainEnd(text, at + 1);
    if (from === at || to === at + 1) continue;
    found.push({ from, to });
    done = to;
  }
  return found;
}
