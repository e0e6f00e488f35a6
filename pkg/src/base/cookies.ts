import { ofDocument } from "./document";

/** The cookies that the page can read. Throws where it may read none. */
export function cookies(): string {
  return ofDocument("cookie");
}

/** Assigns to the document's cookies. Throws where the page may not. */
export function setCookie(assignment: string): void {
  const { cookie: own } = document as { cookie: unknown };
  const isCovered = typeof own !== "string";
  const owner = isCovered ? Object.getPrototypeOf(document) : document;
  Reflect.set(owner, "cookie", assignment, document);
}
