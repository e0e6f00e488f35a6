import { warn } from "../base/platform";
import { disabledEngine } from "./disabled-engine";
import type { Engine } from "./engine";
import { CORE_FAILURE_MIN_MS } from "../base/limits";

/** Makes an engine, which calls `trapped` if one of its callbacks fails while it `isCurrent`. */
export type MakeEngine = (
  trapped: (error: unknown) => void,
  isCurrent: () => boolean,
) => Engine;

type Method = (...args: unknown[]) => unknown;

/**
 * Runs the engine. When it fails, replaces it with a fresh one at once and repeats the request that
 * failed. After a second failure within a minute there is no new one: calls are only journalled.
 */
export class Core {
  readonly #make: MakeEngine;
  #current: Engine;
  #failedAtMs = -Infinity;

  /** Number of failures. */
  traps = 0;
  /** Whether an engine is running. */
  alive = true;
  /** Whether the last request that failed made a fresh engine fail, too. */
  poisoned = false;
  /** Called before each request to the engine. */
  before: () => void = () => {};
  /** Called after a failure, when the engine was replaced or `alive` became false. */
  onTrap: () => void = () => {};
  /** Forwards each method to the current engine. */
  readonly engine: Engine;

  constructor(make: MakeEngine) {
    this.#make = make;
    this.#current = this.#start();
    const get = (made: Record<string, Method>, name: string) =>
      (made[name] ??= (...args) => {
        this.before();
        return this.#ask(name, args);
      });
    this.engine = new Proxy({}, { get }) as unknown as Engine;
  }

  #start(): Engine {
    const engine: Engine = this.#make(
      (error) => this.#trapped(engine, error),
      () => engine === this.#current,
    );
    return engine;
  }

  /** Stops the engine; work under way has no further effect. */
  close(): void {
    this.alive = false;
    this.#current = disabledEngine();
  }

  /** Starts a fresh engine. */
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
        // The core throws a string for a rejected call; any other error means that it has failed.
        if (typeof error === "string") throw new Error(error);
        this.poisoned = failures > 1;
        this.#trapped(engine, error);
      }
    }
  }

  #trapped(engine: Engine, error: unknown): void {
    // A nested call may have replaced the engine already.
    if (engine !== this.#current) return;
    warn("the core failed", error);
    this.traps++;
    const nowMs = +new Date();
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
