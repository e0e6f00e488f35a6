import { listen, ofDocument } from "../base/platform";

/** The watcher's callbacks for the page's life. */
export interface Heard {
  /** The page was hidden, or is visible again. */
  paused: (paused: boolean) => void;
  /** The page came back from the back/forward cache: a new page view. */
  restored: () => void;
}

/**
 * Listens to the page's life. Capturing listeners of the window run before the client's own, so
 * that the events recorded here are sent with the rest when the page is left.
 */
export class Lifecycle {
  #left = false;

  constructor({ paused, restored }: Heard) {
    let was = false;
    const look = () => {
      const now = this.#left || ofDocument("visibilityState") === "hidden";
      if (now !== was) paused((was = now));
    };
    look();
    listen("visibilitychange", look, true);
    listen(
      "pagehide",
      () => {
        this.#left = true;
        look();
      },
      true,
    );
    listen(
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
