import { setPath } from "../base/set-path";
import type { SegmentEvent } from "./event";

/** How urgent a log message is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One message about an event. */
export interface LogMessage {
  level: LogLevel;
  message: string;
  time?: Date;
  extras?: Record<string, any>;
}

/** Why an event was not delivered. */
export interface ContextFailedDelivery {
  reason: unknown;
}

/** Why an event is stopped, and whether it may be retried. */
export interface CancelationOptions {
  retry?: boolean;
  type?: string;
  reason?: string;
}

/** One metric; none is ever recorded, see `NullStats`. */
interface Metric {
  metric: string;
  value: number;
  type: "gauge" | "counter";
  tags: string[];
  timestamp: number;
}

/** A context as `JSON.stringify` writes it. */
export interface SerializedContext {
  id: string;
  event: SegmentEvent;
  logs: LogMessage[];
  metrics?: Metric[];
}

/** Thrown by a plugin, through `ctx.cancel`, to stop an event. */
export class ContextCancelation {
  /** Whether the event may be retried. */
  retry: boolean;
  /** The kind of cancelation. */
  type: string;
  /** The reason, in words. */
  reason: string;

  constructor(options: CancelationOptions) {
    this.retry = options.retry ?? true;
    this.type = options.type ?? "plugin Error";
    this.reason = options.reason ?? "";
  }
}

/** Collects the messages about one event. */
class Logger {
  logs: LogMessage[] = [];

  log(level: LogLevel, message: string, extras?: object): void {
    this.logs.push({ level, message, time: new Date(), extras });
  }

  flush(): void {
    if (this.logs.length > 1) {
      console.table(
        this.logs.map(({ extras, ...log }) => ({ ...extras, ...log })),
      );
    } else {
      for (const { level, message, extras } of this.logs) {
        console[level](message, extras ?? "");
      }
    }
    this.logs = [];
  }
}

/** Counts nothing: Segment's client sends metrics to Segment, ours are in `delivery()`. */
class NullStats {
  metrics: Metric[] = [];
  increment(_metric: string, _by?: number, _tags?: string[]): void {}
  gauge(_metric: string, _value: number, _tags?: string[]): void {}
  flush(): void {}
  serialize(): unknown[] {
    return [];
  }
}

/** Parses the event without its wire-only members, and with its own timestamp as a date. */
function parseEvent(text: string, nowMs: number): SegmentEvent {
  const { writeKey, _metadata, ...event } = JSON.parse(text) as SegmentEvent;
  if (event.userId === null && event.type !== "identify") delete event.userId;
  // Segment's client adds an alias's default id on the wire only.
  const { type, previousId, anonymousId } = event;
  if (type === "alias" && previousId === anonymousId) delete event.previousId;
  if (Date.parse(event.timestamp as string) === nowMs) {
    event.timestamp = new Date(nowMs);
  }
  return event;
}

let drawn = 0;

/** An event and its outcome; the event is parsed when it is first read. */
export class Context {
  #text = "";
  #nowMs = 0;
  #event: SegmentEvent | undefined;
  #id: string | undefined;
  #failure: ContextFailedDelivery | undefined;

  /** Number of attempts so far. */
  attempts = 0;
  #logger: Logger | undefined;
  #stats: NullStats | undefined;

  constructor(event?: SegmentEvent, id?: string) {
    this.#event = event;
    this.#id = id;
  }

  /** A context without an event of the page. */
  static system(): Context {
    return new Context({ type: "track", event: "system" });
  }

  /** The context of a call that became no event. @internal */
  static dropped(why: string): Context {
    const context = Context.system();
    context.setFailedDelivery({ reason: new Error(`Not recorded: ${why}`) });
    return context;
  }

  /** The context of an event as JSON text, from a call at `nowMs`. @internal */
  static of(text: string, nowMs: number): Context {
    const context = new Context();
    context.#text = text;
    context.#nowMs = nowMs;
    return context;
  }

  /** The event; plugins may change it. */
  get event(): SegmentEvent {
    return (this.#event ??= parseEvent(this.#text, this.#nowMs));
  }

  set event(event: SegmentEvent) {
    this.#event = event;
  }

  /** Messages about the event. */
  get logger(): Logger {
    return (this.#logger ??= new Logger());
  }

  /** Metrics, for plugins that record them. */
  get stats(): NullStats {
    return (this.#stats ??= new NullStats());
  }

  /** An id of its own. */
  get id(): string {
    return (this.#id ??= `ctx-${+new Date()}-${drawn++}`);
  }

  isSame(other: Context): boolean {
    return other.id === this.id;
  }

  /** Stops the event here. */
  cancel(error?: Error | ContextCancelation): never {
    throw error ?? new ContextCancelation({ reason: "Context Cancel" });
  }

  log(level: LogLevel, message: string, extras?: object): void {
    this.logger.log(level, message, extras);
  }

  /** Everything logged about the event. */
  logs(): LogMessage[] {
    return this.logger.logs;
  }

  /** Prints and forgets what was logged. */
  flush(): void {
    this.logger.flush();
    this.stats.flush();
  }

  /**
   * Sets a member of the event by its dotted path. An integration that is switched off stays off.
   */
  updateEvent(path: string, value: unknown): SegmentEvent {
    const keys = path.split(".");
    const [first = "", second = ""] = keys;
    const { integrations } = this.event;
    if (first !== "integrations" || integrations?.[second] !== false) {
      setPath(this.event, path, value);
    }
    return this.event;
  }

  /** Why the event was not delivered, if it was not. */
  failedDelivery(): ContextFailedDelivery | undefined {
    return this.#failure;
  }

  setFailedDelivery(failure: ContextFailedDelivery): void {
    this.#failure = failure;
  }

  toJSON(): SerializedContext {
    const { id, event } = this;
    return { id, event, logs: this.logs(), metrics: this.stats.metrics };
  }
}
