const KEY = "waymark:consent";

/**
 * Asks the store that is to remember a denial, which is all that is kept of the visitor: whether it
 * has one (`getItem`), to have one (`setItem`), or to have none (`removeItem`).
 */
export function denial(what: "getItem" | "setItem" | "removeItem"): boolean {
  try {
    return localStorage[what](KEY, "denied") !== null;
  } catch {
    return false; // Refused: the next page asks, or is told, again.
  }
}
