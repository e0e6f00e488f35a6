/** Sends what the outbox keeps: one batch at a time, until it is empty or has to wait. */
import { LEASE_MS, RETRY_MAX_MS, RETRY_MS } from "../limits";
import type { Settings } from "../options";
import type { Verdict } from "./answer";
import type { Claimed, Kept, Outbox } from "./outbox";

/** Where failures are told. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Posts a batch. */
export type Post = (
  events: readonly Kept[],
  settings: Settings,
) => Promise<Verdict>;

/** Events refused alone, one after the other, that look like the server rather than the events. */
const REFUSED_IN_A_ROW = 3;

/** Milliseconds between two lines of the log that say the same. */
const SAME_LINE_MS = 60_000;

/** Milliseconds between two looks for what is no longer to be kept. */
const PRUNE_MS = 600_000;

/** The wait before the next attempt: doubled each time, less up to a quarter, by chance. */
export function backoffMs(attempts: number, chance: number): number {
  const doubled = RETRY_MS * 2 ** Math.min(Math.max(attempts - 1, 0), 20);
  return Math.min(doubled, RETRY_MAX_MS) * (1 - chance / 4);
}

/** The sender of one process. It never throws or rejects: what fails is logged and tried again. */
export class Sender {
  readonly #outbox: Outbox;
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #post: Post;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The run that is under way, and whether there is more since it began. */
  #run: Promise<void> | undefined;
  #again = false;
  /** Events since the last run. */
  #added = 0;
  #stopped = false;
  #refusedInARow = 0;
  #line = "";
  #lineAt = 0;
  #prunedAt = 0;

  constructor(outbox: Outbox, settings: Settings, log: Log, post: Post) {
    this.#outbox = outbox;
    this.#settings = settings;
    this.#log = log;
    this.#post = post;
  }

  /** Begins to look for events, those of a process that was killed first. */
  start(): void {
    if (!this.#settings.disable) void this.run();
  }

  /** Hears of events that were kept. A full batch goes at once. */
  added(count: number): void {
    this.#added += count;
    if (this.#added >= this.#settings.flushAt) void this.run();
    else this.#schedule(this.#settings.flushInterval);
  }

  /** Sends what there is. Resolves when it is sent or has to wait. */
  run(): Promise<void> {
    if (this.#settings.disable) return Promise.resolve();
    this.#added = 0;
    if (this.#run) {
      this.#again = true;
      return this.#run;
    }
    this.#run = this.#work().finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }

  /** Sends what it can within the time, and stops. What is left is kept. */
  async stop(timeoutMs: number): Promise<void> {
    const timeout = new Promise((resolve) => {
      setTimeout(resolve, timeoutMs).unref();
    });
    await Promise.race([this.run(), timeout]);
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (this.#stopped || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.run();
    }, ms);
    // A process that ends does not wait: what is kept is the next one's.
    this.#timer.unref();
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let waitMs = this.#settings.flushInterval;
    try {
      do {
        this.#again = false;
        waitMs = await this.#empty();
      } while (this.#again && !this.#stopped);
      await this.#prune();
    } catch (error) {
      this.#say("error", `the outbox cannot be read: ${String(error)}`);
    }
    this.#schedule(Math.max(1, Math.min(waitMs, this.#settings.flushInterval)));
  }

  /** Sends until there is nothing, or something has to wait. Resolves to that wait. */
  async #empty(): Promise<number> {
    while (!this.#stopped) {
      const { events, waitMs } = await this.#outbox.claim();
      if (events.length === 0) return waitMs ?? this.#settings.flushInterval;
      const wait = await this.#send(events);
      if (wait !== undefined) return wait;
    }
    return this.#settings.flushInterval;
  }

  /** Sends events. Resolves to the wait that they need, if they do. */
  async #send(events: readonly Claimed[]): Promise<number | undefined> {
    const verdict = await this.#post(events, this.#settings);
    if (verdict.fate === "taken") {
      await this.#taken(events, verdict.rejected);
      return undefined;
    }
    if (verdict.fate === "later") {
      const { reason } = verdict;
      const [{ attempts } = { attempts: 1 }] = events;
      const ms = verdict.waitMs ?? backoffMs(attempts, Math.random());
      return this.#later(events, ms, reason);
    }
    const [first] = events;
    if (events.length === 1 && first) {
      await this.#refuse(first, verdict.reason);
      this.#refusedInARow += 1;
      // Then it speaks about all of them, and not about these.
      return this.#refusedInARow < REFUSED_IN_A_ROW ? undefined : RETRY_MAX_MS;
    }
    const half = Math.ceil(events.length / 2);
    for (const part of [events.slice(0, half), events.slice(half)]) {
      await this.#outbox.defer(idsOf(events), LEASE_MS);
      const wait = await this.#send(part);
      if (wait !== undefined) {
        return this.#later(events, wait, verdict.reason);
      }
    }
    return undefined;
  }

  async #taken(
    events: readonly Claimed[],
    rejected: readonly { index: number; reason: string }[],
  ): Promise<void> {
    const reasons = new Map(rejected.map((one) => [one.index, one.reason]));
    const taken = events.filter((_, at) => !reasons.has(at));
    await this.#outbox.sent(idsOf(taken));
    for (const [at, reason] of reasons) {
      const event = events[at];
      if (event) await this.#refuse(event, reason);
    }
    if (taken.length > 0) this.#refusedInARow = 0;
    if (this.#line) this.#log.info("waymark: the gateway takes events again");
    this.#line = "";
  }

  async #refuse(event: Claimed, reason: string): Promise<void> {
    await this.#outbox.refused(event.id, reason);
    this.#log.error(`waymark: the event ${event.id} was refused: ${reason}`);
  }

  async #later(
    events: readonly Claimed[],
    ms: number,
    reason: string,
  ): Promise<number> {
    await this.#outbox.defer(idsOf(events), ms, reason);
    this.#say("warn", `events wait for the gateway: ${reason}`);
    return ms;
  }

  /** Logs a line, and the same line once a minute at most. */
  #say(level: "warn" | "error", line: string): void {
    const now = Date.now();
    if (line === this.#line && now - this.#lineAt < SAME_LINE_MS) return;
    this.#line = line;
    this.#lineAt = now;
    this.#log[level](`waymark: ${line}`);
  }

  async #prune(): Promise<void> {
    if (Date.now() - this.#prunedAt < PRUNE_MS) return;
    this.#prunedAt = Date.now();
    await this.#outbox.prune();
  }
}

const idsOf = (events: readonly Kept[]): string[] => events.map(({ id }) => id);
