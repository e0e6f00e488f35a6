/**
 * The way of a server's events to Segment's client: they are held until a batch is full, an
 * interval is over or somebody flushes, and known until it is clear what became of them.
 *
 * Segment's client has no `flush` for a server that answers many requests at once: a second one is
 * refused while one is under way, and events beside a batch that is under way wait for the
 * interval. So it gets its events in whole batches, and its `flush` is not used.
 */
import {
  type Call,
  load,
  type Outcome,
  type Params,
  type Sender,
} from "./library";
import type { Settings } from "./settings";

interface Held {
  call: Call;
  params: Params;
}

/** One client and what it has not sent. */
export class Delivery implements Outcome {
  readonly #settings: Settings;
  #sender: Promise<Sender> | undefined;
  #held: Held[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Events whose fate is not known by their number, from the oldest. */
  readonly #pending = new Map<number, Params>();
  /** Their numbers by message id, which may be given twice. */
  readonly #numbers = new Map<string, number[]>();
  #last = 0;
  #closed = false;
  /** Called when an event's fate is known. */
  readonly #waiting = new Set<() => void>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Takes an event, or gives it up at once, and tells. */
  add(call: Call, params: Params): void {
    const { disable, flushAt, flushInterval, maxQueueSize } = this.#settings;
    if (disable) return;
    const refused = this.#closed
      ? "the service is closed"
      : this.#pending.size >= maxQueueSize && "the queue is full";
    if (refused) {
      this.#tell(new Error(`waymark: ${refused}`), [params]);
      return;
    }
    const number = ++this.#last;
    this.#pending.set(number, params);
    const same = this.#numbers.get(params.messageId);
    if (same) same.push(number);
    else this.#numbers.set(params.messageId, [number]);
    this.#held.push({ call, params });
    if (this.#held.length >= flushAt) void this.#handOver();
    else this.#timer ??= setTimeout(() => void this.#handOver(), flushInterval);
  }

  /** Sends what is held, and waits: whether the fate of all events so far is known in time. */
  async flush(timeoutMs: number): Promise<boolean> {
    void this.#handOver();
    const last = this.#last;
    // What a busy server tracks meanwhile is not waited for.
    const isDone = () => {
      const [oldest = Infinity] = this.#pending.keys();
      return oldest > last;
    };
    if (isDone()) return true;
    return new Promise((resolve) => {
      const end = (done: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(done);
      };
      const look = () => void (isDone() && end(true));
      const timer = setTimeout(() => end(false), timeoutMs);
      this.#waiting.add(look);
    });
  }

  /** Takes no more events, sends what there is, and tells what could not be sent in time. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    if (await this.flush(timeoutMs)) return;
    const left = [...this.#pending.values()];
    this.#pending.clear();
    this.#numbers.clear();
    const sender = await this.#sender?.catch(() => undefined);
    sender?.stop();
    this.#tell(new Error(`waymark: not sent within ${timeoutMs} ms`), left);
  }

  settled(messageId: string): void {
    this.#take(messageId);
  }

  givenUp(messageId: string, error: Error): void {
    const params = this.#take(messageId);
    if (params) this.#tell(error, [params]);
  }

  async #handOver(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    if (held.length === 0) return;
    let sender: Sender;
    try {
      sender = await (this.#sender ??= load(this.#settings, this));
    } catch (error) {
      // It may be there for the next batch.
      this.#sender = undefined;
      for (const { params } of held) {
        this.givenUp(params.messageId, error as Error);
      }
      return;
    }
    for (const { call, params } of held) {
      try {
        sender.send(call, params);
      } catch (error) {
        this.givenUp(params.messageId, error as Error);
      }
    }
  }

  /** An event that is pending no more. */
  #take(messageId: string): Params | undefined {
    const same = this.#numbers.get(messageId);
    const number = same?.shift();
    if (number === undefined) return undefined;
    if (same?.length === 0) this.#numbers.delete(messageId);
    const params = this.#pending.get(number);
    this.#pending.delete(number);
    for (const look of this.#waiting) look();
    return params;
  }

  #tell(error: Error, events: Params[]): void {
    const { onError } = this.#settings;
    if (!onError) {
      // Without the events: logs are no place for what is personal.
      const count =
        events.length === 1 ? "an event" : `${events.length} events`;
      console.error(`waymark: gave up ${count}:`, error.message);
      return;
    }
    try {
      onError(error, events);
    } catch (thrown) {
      console.error("waymark: onError threw:", thrown);
    }
  }
}
