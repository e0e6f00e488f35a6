import type { PageFacts } from "./page";

/** Encodes a page for the core: its texts, separated by NUL. */
export function textOfPage(facts: PageFacts): string {
  // A title may contain NUL.
  return facts.map((fact) => fact.replace(/\0/g, "\ufffd")).join("\0");
}
