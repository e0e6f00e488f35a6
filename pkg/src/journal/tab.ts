import { distinct } from "./lists";

/** What the pages of a tab tell their successor: whose items come before its own calls. */
const TAB_KEY = "waymark:segment";

/** What follows the segment of a page that has been left. */
const LEFT = "!";
/** What follows the segment of a page that may be left without a word. */
const MAY_LEAVE = "?";

/** Whether a page that shares the tab's storage, or had its copy, may still be there. */
const hasCompany = () =>
  globalThis.top !== globalThis.self || !!globalThis.opener;

/**
 * Stores `own` as the segment of this tab's page, and returns those of its previous pages, which no
 * page has taken: none unless they said that they were left, or may have been. A frame shares the
 * tab's storage, and a window that a page opens has a copy: such a page is alive.
 */
export function takeTab(own: string): string[] {
  try {
    const before = sessionStorage.getItem(TAB_KEY) ?? "";
    sessionStorage.setItem(TAB_KEY, own);
    const mark = before.slice(-1);
    return mark === LEFT || (mark === MAY_LEAVE && !hasCompany())
      ? before.slice(0, -1).split(LEFT)
      : [];
  } catch {
    return [];
  }
}

/**
 * Leaves the segment `own` to the next page of this tab, after those that nobody has taken yet and
 * those that were taken `before`, but not adopted.
 */
export function leaveTab(
  own: string,
  before: readonly string[] = [],
  mark: string = LEFT,
): void {
  takeTab(distinct([...before, ...takeTab(own), own]).join(LEFT) + mark);
}

/**
 * Does the same for a page that is there, and may not be told when it is left. A frame does not, as
 * the page around it would take the segment.
 */
export function mayLeaveTab(own: string): void {
  if (!hasCompany()) leaveTab(own, [], MAY_LEAVE);
}
