import { disabledEngine } from "./disabled-engine";
import type { Engine } from "./engine";
import { CORE_FAILURE_MIN_MS } from "../base/limits";

/** Makes an engine, which tells `trapped` when a callback of it fails, as long as it `isCurrent`. */
export type MakeEngine = (
  trapped: (error: unknown) => void,
  isCurrent: () => boolean,
) => Engine;

type Method = (...args: unknown[]) => unknown;

/**
 * The core that outlives its failures: the one that trapped is replaced by a fresh one, at once,
 * and what it was asked is asked again. A second failure within a minute is the last: from then on
 * nobody answers, and calls are journalled only.
 */
export class Core {
  readonly #make: MakeEngine;
  #current: Engine;
  #failedAtMs = -Infinity;

  /** Times it failed. */
  traps = 0;
  /** Whether calls reach an engine. */
  alive = true;
  /** Whether what was asked last made a fresh engine fail, too. */
  poisoned = false;
  /** Called before anything is asked. */
  before: () => void = () => {};
  /** Called when a fresh engine is there, or it is clear that none will be. */
  onTrap: () => void = () => {};
  /** Hands each call to the engine of the moment. */
  readonly engine: Engine;

  constructor(make: MakeEngine) {
    this.#make = make;
    this.#current = this.#start();
    const get = (made: Record<string, Method>, name: string) =>
      (made[name] ??= (...args) => {
        this.before();
        return this.#ask(name, args);
      });
    this.engine = new Proxy({}, { get }) as Engine;
  }

  #start(): Engine {
    const engine: Engine = this.#make(
      (error) => this.#trapped(engine, error),
      () => engine === this.#current,
    );
    return engine;
  }

  /** Nobody answers from now on, and nothing comes of what was under way. */
  close(): void {
    this.alive = false;
    this.#current = disabledEngine();
  }

  /** A fresh engine answers. */
  open(): void {
    this.#current = this.#start();
    this.alive = true;
  }

  #ask(name: string, args: unknown[]): unknown {
    for (let failures = 1; ; failures++) {
      const engine = this.#current;
      try {
        return (engine as unknown as Record<string, Method>)[name]!(...args);
      } catch (error) {
        // A text is the core's own answer; anything else is the end of that instance.
        if (typeof error === "string") throw new Error(error);
        this.poisoned = failures > 1;
        this.#trapped(engine, error);
      }
    }
  }

  #trapped(engine: Engine, error: unknown): void {
    // Another call, deeper down, may have seen to it.
    if (engine !== this.#current) return;
    console.warn("waymark: the core failed", error);
    this.traps++;
    const nowMs = Date.now();
    this.alive = nowMs - this.#failedAtMs > CORE_FAILURE_MIN_MS;
    this.#failedAtMs = nowMs;
    try {
      if (this.alive) this.#current = this.#start();
    } catch {
      this.alive = false;
    }
    if (!this.alive) this.#current = disabledEngine();
    this.onTrap();
  }
}
