/** What the watcher is told of the page's life. */
export interface Heard {
  /** The page is out of sight, or in sight again. */
  paused: (paused: boolean) => void;
  /** The page came back from the back/forward cache: a new page view. */
  restored: () => void;
}

/**
 * Listens to the page's life. As capturing listeners of the window these come before the
 * client's own, so that what is recorded here is sent with the rest when the page is left.
 */
export class Lifecycle {
  #left = false;

  constructor({ paused, restored }: Heard) {
    let was = false;
    const look = () => {
      const now = this.#left || document.visibilityState === "hidden";
      if (now !== was) paused((was = now));
    };
    look();
    addEventListener("visibilitychange", look, true);
    addEventListener(
      "pagehide",
      () => {
        this.#left = true;
        look();
      },
      true,
    );
    addEventListener(
      "pageshow",
      ({ persisted }) => {
        this.#left = false;
        look();
        if (persisted) restored();
      },
      true,
    );
  }
}
