/** What an API turns away of a request that it takes: Waymark's gateway lists it in its answer. */
import { ANSWER_CHARS_MAX, CODE_CHARS_MAX, CODES_MAX } from "../base/limits";
import type { Answer } from "./answer";

/** An event that was turned away: its place in the request, its id if it was read, and why. */
interface Rejection {
  index?: unknown;
  messageId?: unknown;
  code?: unknown;
}

/** The codes that answers gave so far, each at its number, which is lower than any HTTP status. */
const codes = [""];

/** The code of an event that was turned away, by its settlement's status; else undefined. */
export const codeOf = (status: number): string | undefined => codes[status];

function numberOf(code: unknown): number {
  const text = String(code).slice(0, CODE_CHARS_MAX);
  const at = codes.indexOf(text);
  if (at > 0) return at;
  return codes.length < CODES_MAX ? codes.push(text) - 1 : 1;
}

/** The body of an answer, unless it is longer than any that is listened to. */
async function textOf(answer: Answer): Promise<string> {
  const reader = answer.body?.getReader();
  if (!reader) return answer.text();
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < ANSWER_CHARS_MAX) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  return "";
}

/**
 * Reads an answer to a request with this body. Gives a character for each of its events: U+0000, or
 * that of the number of the code with which the event was turned away. Undefined if the answer
 * speaks of none. Never rejects.
 */
export async function turnedAway(
  answer: Answer,
  sent: string,
): Promise<string | undefined> {
  try {
    const { rejected } = JSON.parse(await textOf(answer)) as {
      rejected: (Rejection | null)[];
    };
    if (!rejected.length) return undefined;
    const { batch } = JSON.parse(sent) as { batch: Rejection[] };
    const numbers = batch.map(() => 0);
    for (const one of rejected) {
      const place = one?.index as number;
      const id = batch[place]?.messageId;
      if (numbers[place] === 0 && (one?.messageId ?? id) === id) {
        numbers[place] = numberOf(one?.code);
      }
    }
    return String.fromCharCode(...numbers);
  } catch {
    return undefined;
  }
}
