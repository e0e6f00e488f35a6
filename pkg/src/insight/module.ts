import { sleep } from "../base/platform";
import {
  LOAD_RETRY_BASE_MS,
  LOAD_RETRY_MAX_MS,
  SIGHTINGS_MAX,
} from "../base/limits";
import type { Core } from "./core";

type Task = (core: Core) => void;

/**
 * The core of impressions. It is fetched at the first task, and tasks are held until it is there.
 * Each task carries its own time, so it does not matter how late the core arrives.
 */
export class Module {
  readonly #opened: (core: Core) => void;
  #held: Task[] | undefined = [];
  #loading = false;
  #core: Core | undefined;

  /** Whether the core is there and has run every held task. */
  isOpen = false;

  /** `opened` is called when the core is there and has run every held task. */
  constructor(opened: (core: Core) => void) {
    this.#opened = opened;
  }

  /** Runs a task, in order; never if the core cannot be loaded. */
  run(task: Task): void {
    if (this.#core) return task(this.#core);
    this.#held?.push(task);
    if (this.#held && this.#held.length > SIGHTINGS_MAX) {
      this.#giveUp();
    }
    if (!this.#loading) void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    for (let delayMs = LOAD_RETRY_BASE_MS; this.#held; delayMs *= 2) {
      try {
        const { openCore } = await import("./core");
        return this.#open(await openCore());
      } catch {
        const waitMs = Math.min(delayMs, LOAD_RETRY_MAX_MS);
        await sleep(waitMs);
      }
    }
  }

  #open(core: Core): void {
    const held = this.#held ?? [];
    if (!this.#held) return;
    this.#core = core;
    this.#held = undefined;
    held.forEach((task) => task(core));
    this.isOpen = true;
    this.#opened(core);
  }

  #giveUp(): void {
    console.warn("waymark: impressions are not counted: their module is away");
    this.#held = undefined;
  }
}
