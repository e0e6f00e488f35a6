/** How visible a watched element is, from a moment on. */
export interface Sighting {
  key: object;
  /** Visible part of the element, 0 to 1, or -1 when it is out of view. */
  ofElement: number;
  /** Part of the viewport that it fills, 0 to 1, or -1 when it is out of view. */
  ofViewport: number;
  /** Milliseconds since the page's time origin. */
  atMs: number;
}

/** The thresholds for a share of the viewport, which the observer itself cannot measure. */
const HUNDREDTHS: number[] = Array.from({ length: 101 }, (_, at) => at / 100);

/**
 * The one IntersectionObserver of a page. It has only the thresholds in use: a new threshold
 * needs a new observer, which reports every element once more.
 */
export class Sightings {
  readonly #seen: (sightings: Sighting[]) => void;
  readonly #keys: Map<Element, Set<object>> = new Map();
  readonly #thresholds: Set<number> = new Set();
  #observer: IntersectionObserver | undefined;

  constructor(seen: (sightings: Sighting[]) => void) {
    this.#seen = seen;
  }

  /** Reports when `element` crosses the threshold; without one, when it crosses any hundredth. */
  add(element: Element, key: object, threshold: number | undefined): void {
    const asked = threshold === undefined ? HUNDREDTHS : [threshold];
    const valid = asked.filter((one) => one >= 0 && one <= 1);
    const before = this.#thresholds.size;
    valid.forEach((one) => this.#thresholds.add(one));
    const keys = this.#keys.get(element);
    this.#keys.set(element, (keys ?? new Set()).add(key));
    if (!this.#observer || this.#thresholds.size > before) this.#remake();
    else {
      // Observing it again reports its state for the new key, too.
      if (keys) this.#observer.unobserve(element);
      this.#observer.observe(element);
    }
  }

  /** Ends the reports for `key`. */
  remove(element: Element, key: object): void {
    const keys = this.#keys.get(element);
    keys?.delete(key);
    if (keys?.size !== 0) return;
    this.#keys.delete(element);
    this.#observer?.unobserve(element);
  }

  #remake(): void {
    this.#observer?.disconnect();
    this.#observer = new IntersectionObserver(
      (entries) => this.#seen(entries.flatMap((one) => this.#read(one))),
      { threshold: [...this.#thresholds].sort((a, b) => a - b) },
    );
    for (const element of this.#keys.keys()) this.#observer.observe(element);
  }

  #read(entry: IntersectionObserverEntry): Sighting[] {
    const { width, height } = entry.rootBounds ?? {
      width: innerWidth,
      height: innerHeight,
    };
    const { intersectionRect: rect, isIntersecting } = entry;
    const ofViewport = (rect.width * rect.height) / (width * height);
    const sighting = {
      ofElement: isIntersecting ? entry.intersectionRatio : -1,
      ofViewport: isIntersecting ? Math.min(ofViewport, 1) : -1,
      atMs: entry.time,
    };
    const keys = [...(this.#keys.get(entry.target) ?? [])];
    return keys.map((key) => ({ key, ...sighting }));
  }
}
