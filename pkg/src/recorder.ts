import { encodeCall, type Method } from "./call";
import { Gate } from "./consent";
import { Context } from "./context";
import type { Engine } from "./engine";
import { watchLifecycle } from "./lifecycle";
import { HELD_CALLS_MAX } from "./limits";
import { loadEngine } from "./loader";
import { readPage, type PageFacts } from "./page";
import { coreSettings } from "./settings";
import type {
  AnalyticsBrowserSettings,
  Callback,
  Delivery,
  InitOptions,
} from "./types";

type Operation = (engine: Engine, nowMs: number) => void;

/** An operation that waits for the core, with the time and the page of its call. */
interface Held {
  run: Operation;
  nowMs: number;
  page: PageFacts;
  drop: (why: string) => void;
}

/** What the promise of a call that is not recorded is rejected with. */
const DENIED = "Not recorded: consent was denied";
const TOO_MANY = "Not recorded: too many calls before consent or load";

/** Calls back after the current task; what the callback throws is logged, as the peer does. */
function callBack(callback: Callback, context: Context): void {
  Promise.resolve(context).then(callback).catch(console.error);
}

/**
 * Records calls: in the core where it is there, and until then in memory, in call order and
 * each with the time and the page of its moment.
 */
export class Recorder {
  #engine: Engine | undefined;
  #held: Held[] = [];
  #heldDropped = 0;
  #page: PageFacts = ["", "", "", "", "", "", ""];
  #gate: Gate | undefined;
  #debug = false;
  #ready!: (engine: Engine) => void;

  /** Resolves when the core is there. */
  readonly ready: Promise<Engine> = new Promise((ready) => {
    this.#ready = ready;
  });

  /** Starts loading the core; a second call changes nothing. */
  load(settings: AnalyticsBrowserSettings, options?: InitOptions | null): void {
    if (this.#gate) return;
    options ??= {};
    if (!settings?.writeKey) {
      console.warn("waymark: load() needs a writeKey; nothing is recorded");
      return;
    }
    const given = options;
    const start = () => {
      this.#start(settings, given).catch((error) => this.#warn(error));
    };
    this.#gate = new Gate(options.consent ?? "granted", start, () =>
      this.#dropHeld(),
    );
  }

  /** The consent gate; there once `load` was called. */
  get gate(): Gate | undefined {
    return this.#gate;
  }

  async #start(
    settings: AnalyticsBrowserSettings,
    options: InitOptions,
  ): Promise<void> {
    if (this.#engine || typeof window === "undefined") return;
    const engine = await loadEngine(coreSettings(settings, options));
    // The answer may have changed, or another attempt been faster, since.
    if (this.#engine || this.#gate?.state !== "granted") return;
    watchLifecycle(engine);
    this.#engine = engine;
    if (this.#debug) this.debug(true);
    for (const { run, nowMs, page } of this.#held.splice(0)) {
      this.#turnTo(engine, page);
      run(engine, nowMs);
    }
    this.#ready(engine);
  }

  /** Records a call; the promise settles when that is done, and never reports unhandled. */
  call(method: Method, args: unknown[]): Promise<Context> {
    const text = encodeCall(method, args);
    const callback = args.find((arg) => typeof arg === "function");
    return this.run((engine, nowMs) => {
      const context = new Context(engine.call(text, nowMs));
      if (callback) callBack(callback as Callback, context);
      if (this.#debug)
        console.log(`waymark: ${method} recorded`, context.event);
      return context;
    });
  }

  /** Runs an operation in its place among the calls. */
  run<T>(operation: (engine: Engine, nowMs: number) => T): Promise<T> {
    const result = new Promise<T>((resolve, reject) => {
      const run: Operation = (engine, nowMs) => {
        try {
          resolve(operation(engine, nowMs));
        } catch (error) {
          reject(typeof error === "string" ? new Error(error) : error);
          this.#warn(error);
        }
      };
      this.#place(run, (why) => reject(new Error(why)));
    });
    result.catch(() => {});
    return result;
  }

  #place(run: Operation, drop: Held["drop"]): void {
    const nowMs = Date.now();
    if (this.#engine && this.#gate?.state === "granted") {
      this.#turnTo(this.#engine, readPage());
      run(this.#engine, nowMs);
    } else if (this.#gate?.state === "denied") {
      this.#heldDropped++;
      drop(DENIED);
    } else {
      this.#held.push({ run, nowMs, page: readPage(), drop });
      if (this.#held.length > HELD_CALLS_MAX) this.#dropOldest(TOO_MANY);
    }
  }

  #turnTo(engine: Engine, page: PageFacts): void {
    if (page.every((fact, at) => fact === this.#page[at])) return;
    this.#page = page;
    engine.setPage(...page);
  }

  #dropOldest(why: string): void {
    this.#heldDropped++;
    this.#held.shift()?.drop(why);
  }

  #dropHeld(): void {
    while (this.#held.length > 0) this.#dropOldest(DENIED);
  }

  #warn(error: unknown): void {
    const local = /^(localhost|127\.0\.0\.1)$/.test(location.hostname);
    if (this.#debug || local) console.warn("waymark:", error);
  }

  /** Whether to log what happens to each event. */
  debug(on: boolean): void {
    this.#debug = on;
    this.#engine?.onDelivery(
      on
        ? (kind: string, events: number, status: number) =>
            console.log(
              `waymark: ${events} ${events === 1 ? "event" : "events"} ${kind}` +
                (status ? ` (HTTP ${status})` : ""),
            )
        : undefined,
    );
  }

  /** What became of the events of this page so far. */
  delivery(): Delivery {
    const counts: ArrayLike<number> = this.#engine?.delivery() ?? [];
    const count = (at: number) => counts[at] ?? 0;
    return {
      accepted: count(0),
      acknowledged: count(1),
      pending: count(2) + this.#held.length,
      retried: count(3),
      dropped: { refused: count(4), queueFull: count(5) },
      refused: { tooLarge: count(6), held: this.#heldDropped },
    };
  }
}
