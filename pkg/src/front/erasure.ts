import { warn } from "../base/platform";
import type { InitOptions } from "../model/load";

/** Erases what the visitor's browser holds, one erasure after the other. */
export class Erasure {
  /** Settles when the last erasure is done; undefined if none is running. */
  running: Promise<void> | undefined;

  /** Begins an erasure, by a file that is fetched then only. */
  begin(options: InitOptions): void {
    const running = Promise.all([import("../consent/erase"), this.running])
      .then(([{ erase }]) => erase(options))
      .catch((error) => warn("nothing was erased", error))
      .then(() => {
        if (this.running === running) this.running = undefined;
      });
    this.running = running;
  }
}
