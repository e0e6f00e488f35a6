/** How long a visitor was with a page view, and how far down they came. */

/** How much of the page's height has been in view, from 0 to 100. */
function depthPercent(): number {
  const { scrollHeight } = document.documentElement;
  const seen = (scrollY + innerHeight) / Math.max(scrollHeight, 1);
  return Math.round(Math.min(Math.max(seen, 0), 1) * 100);
}

/** Whether the visitor is with the page: its tab is shown, and its window has the focus. */
function isEngaged(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** The properties of `Page Left`. */
export interface Stay {
  /** Milliseconds for which the page was shown and had the focus. */
  engaged_time_ms: number;
  /** How far down the page the visitor came, in percent of its height. */
  max_scroll_depth: number;
}

/** Measures each page view's stay, which is told once. */
export class PageLeft {
  /** Since when the visitor is with the page, where they are, by the page's own clock. */
  #sinceMs: number | undefined;
  #engagedMs = 0;
  #depth = 0;
  #told = false;

  /** Begins with the page as it is. */
  constructor() {
    const look = () => this.#look();
    addEventListener("visibilitychange", look, true);
    addEventListener("focus", look);
    addEventListener("blur", look);
    addEventListener("scroll", () => this.#measure(), { passive: true });
    this.begin(0);
  }

  /** Takes the time so far, and finds out whether it goes on. */
  #look(): void {
    const nowMs = performance.now();
    this.#engagedMs += nowMs - (this.#sinceMs ?? nowMs);
    this.#sinceMs = isEngaged() ? nowMs : undefined;
  }

  #measure(): void {
    this.#depth = Math.max(this.#depth, depthPercent());
  }

  /** The page is hidden or left: its stay, unless that was told. */
  hide(): Stay | undefined {
    this.#measure();
    return this.end(0);
  }

  /**
   * The page view ended `agoMs` milliseconds ago: its stay, unless that was told. Nothing is
   * measured, as another route may be shown by now.
   */
  end(agoMs: number): Stay | undefined {
    this.#look();
    if (this.#told) return undefined;
    this.#told = true;
    const since = this.#sinceMs === undefined ? 0 : agoMs;
    return {
      engaged_time_ms: Math.max(Math.round(this.#engagedMs - since), 0),
      max_scroll_depth: this.#depth,
    };
  }

  /** Another page view began `agoMs` milliseconds ago. */
  begin(agoMs: number): void {
    this.#sinceMs = undefined;
    this.#look();
    this.#engagedMs = this.#sinceMs === undefined ? 0 : agoMs;
    this.#depth = 0;
    this.#told = false;
    this.#measure();
  }
}
