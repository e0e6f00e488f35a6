import { ofDocument } from "./platform";

/** The cookies that the page can read. Throws where it may read none. */
export function cookies(): string {
  return ofDocument("cookie");
}

/** Assigns to the document's cookies. Throws where the page may not. */
export function setCookie(assignment: string): void {
  const { cookie: own } = document as { cookie: unknown };
  if (typeof own === "string") {
    document.cookie = assignment;
    return;
  }
  // An element covers the member, but not that of the prototypes.
  const heir = {
    __proto__: Object.getPrototypeOf(document) as Document,
    put(): void {
      super.cookie = assignment;
    },
  };
  heir.put.call(document as unknown as typeof heir);
}
