import { ExtensionStore } from "../call/extension-store";
import type { Asker, Draft } from "../model/extension";
import type { PageFacts } from "../page/page";
import { isRevisit, landingAddress, landingPage } from "./arrival";
import { type ReferrerOptions, refersNothing } from "./referrers";
import { isLed, isSameTouch, type Touch, touchOf } from "./touch";

/** The touches as stored. */
export interface Touches {
  first?: Touch;
  last?: Touch;
}

/** Whether all parameters of one touch are the other's. */
function isPart(one: Touch, { campaign, clickIds }: Touch): boolean {
  const all: Record<string, string> = { ...clickIds, ...campaign };
  return Object.entries({ ...one.clickIds, ...one.campaign }).every(
    ([name, value]) => all[name] === value,
  );
}

/** The visitor's touches, with those of this document, in which routes may change the address. */
export class Visit {
  readonly #store: ExtensionStore<Touches> = new ExtensionStore(
    "waymark:attribution",
  );
  readonly #options: ReferrerOptions;
  readonly #landing: string | undefined;
  #landed: Touch | undefined;
  /** The newest touch of the document that was taken into account. */
  #seen: Touch | undefined;

  constructor(options: ReferrerOptions) {
    this.#options = options;
    if (typeof document !== "undefined") this.#landing = landingAddress();
  }

  /**
   * The document's touch at a call. A document is landed on once, and has one referrer; what comes
   * later is a campaign in the address of one of its routes.
   */
  #touchOf(draft: Draft, asker: Asker): Touch {
    const { nowMs, page } = draft;
    const of = (page: PageFacts) =>
      touchOf(page, nowMs, refersNothing(this.#options, asker));
    if (this.#landing === undefined) return of(page);
    this.#landed ??= of(landingPage(draft, this.#landing, asker));
    const route = touchOf(page, nowMs, () => true);
    const last = this.#seen ?? this.#landed;
    return isPart(route, last) || isPart(route, this.#landed) ? last : route;
  }

  /** The first and the last touch that led the visitor to the shop, this call's included. */
  touchesAt(draft: Draft, asker: Asker): Touches {
    const kept = this.#store.read(asker) ?? {};
    const touch = this.#touchOf(draft, asker);
    const { first = touch, last } = kept;
    const isNew =
      touch !== this.#seen &&
      isLed(touch) &&
      !(last && (isSameTouch(last, touch) || this.#isOld(touch)));
    this.#seen = touch;
    const touches: Touches = { first };
    const newest = isNew ? touch : last;
    if (newest) touches.last = newest;
    if (!kept.first || isNew) this.#store.write(asker, touches);
    return touches;
  }

  /** Whether the document's touch was taken before it was loaded again. */
  #isOld(touch: Touch): boolean {
    return touch === this.#landed && isRevisit();
  }

  /** Removes the touches. */
  forget(): void {
    this.#seen = undefined;
    this.#store.forget();
  }
}
