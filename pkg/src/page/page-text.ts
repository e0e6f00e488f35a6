import type { PageFacts } from "./page";

/** A page as the core takes it: its texts with a NUL between them. */
export function textOfPage(facts: PageFacts): string {
  // A title may hold one.
  return facts.map((fact) => fact.replaceAll("\0", "\ufffd")).join("\0");
}
