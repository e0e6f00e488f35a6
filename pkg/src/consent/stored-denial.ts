const KEY = "waymark:consent";

/** Whether an earlier page stored a denial. */
export function isDenialStored(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Stores that the visitor said no, which is all that is kept of them. */
export function storeDenial(): void {
  try {
    localStorage.setItem(KEY, "denied");
  } catch {
    // Refused: the next page asks, or is told, again.
  }
}

/** Forgets it. */
export function forgetDenial(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was stored either.
  }
}
