import { tell } from "./tell";

/** Characters of a key that a warning shows: the console may be recorded. */
const SHOWN_CHARS = 4;

/** What write keys look like that do not belong into a page, and what they are. */
const WRONG: readonly [form: RegExp, what: string][] = [
  [/^sk[_-]/i, "looks like a secret key (sk_…)"],
  [/^eyJ[\w-]*\.[\w-]+\.[\w-]*$/, "looks like an access token (a JWT)"],
  [/secret|private/i, "looks like a secret"],
  [/(^|[^a-z])server([^a-z]|$)/i, "looks like the key of a server"],
  [/\s/, "has blanks in it"],
];

/** Warns of a write key that is none, or that everybody would see in the page and nobody should. */
export function checkWriteKey(key: unknown): void {
  // What is no text, or blank, the client itself refuses.
  if (typeof key !== "string" || !key.trim()) return;
  const what = WRONG.find(([form]) => form.test(key))?.[1];
  if (!what) return;
  tell(
    `writeKey "${key.slice(0, SHOWN_CHARS)}…" ${what}: write the source's browser key, which may be public`,
  );
}
