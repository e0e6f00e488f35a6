import { warn } from "../base/platform";

const told = new Set<string>();

/** Warns of a thing once in a page. */
export function tell(text: string): void {
  if (told.has(text)) return;
  told.add(text);
  warn(text);
}
