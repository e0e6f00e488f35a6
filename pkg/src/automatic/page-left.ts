/** Measures how long a visitor stayed with a page view, and how far they scrolled. */

import { listen, ofDocument } from "../base/platform";

/** How much of the page's height has been in view, from 0 to 100. */
function depthPercent(): number {
  const { scrollHeight } = ofDocument("documentElement");
  const seen = (scrollY + innerHeight) / Math.max(scrollHeight, 1);
  return Math.round(Math.min(Math.max(seen, 0), 1) * 100);
}

/** Whether the visitor is with the page: its tab is shown, and its window has the focus. */
function isEngaged(): boolean {
  return (
    ofDocument("visibilityState") === "visible" &&
    ofDocument("hasFocus").call(document)
  );
}

/** The properties of `Page Left`. */
export interface Stay {
  /** Milliseconds for which the page was shown and had the focus. */
  engaged_time_ms: number;
  /** How far the visitor scrolled, in percent of the page's height. */
  max_scroll_depth: number;
}

/** Measures the stay of each page view and reports it once. */
export class PageLeft {
  /** Start of the current engagement by `performance.now()`, or `undefined` if there is none. */
  #sinceMs: number | undefined;
  #engagedMs = 0;
  #depth = 0;
  #told = false;

  /** Begins with the page as it is. */
  constructor() {
    const look = () => this.#look();
    listen("visibilitychange", look, true);
    listen("focus", look);
    listen("blur", look);
    listen("scroll", () => this.#measure(), { passive: true });
    this.begin(0);
  }

  /** Adds the time so far, and checks whether the engagement goes on. */
  #look(): void {
    const nowMs = performance.now();
    this.#engagedMs += nowMs - (this.#sinceMs ?? nowMs);
    this.#sinceMs = isEngaged() ? nowMs : undefined;
  }

  #measure(): void {
    this.#depth = Math.max(this.#depth, depthPercent());
  }

  /** The page is hidden or left: returns its stay, unless it was reported. */
  hide(): Stay | undefined {
    this.#measure();
    return this.end(0);
  }

  /**
   * The page view ended `agoMs` milliseconds ago: returns its stay, unless it was reported. The
   * depth is not measured again, as another route may be shown by now.
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
