const KEY = "waymark:consent";

/**
 * Reads (`getItem`), stores (`setItem`) or removes (`removeItem`) the denial, the only thing kept
 * about a visitor who denies consent.
 */
export function denial(what: "getItem" | "setItem" | "removeItem"): boolean {
  try {
    return localStorage[what](KEY, "denied") !== null;
  } catch {
    return false; // Storage is refused: the next page must be told again.
  }
}
