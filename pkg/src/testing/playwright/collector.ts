/** Collects a test's events. */
import type { SegmentEvent } from "../../model/event";
import { matches } from "../matches";

/** Milliseconds that a test waits for an event: a batch leaves after one second at the latest. */
export const WAIT_MAX_MS = 10_000;

/** A server that takes events, and shows them to the test. */
export class Collector {
  /** The events taken so far, each message id once, in order of arrival. */
  readonly events: SegmentEvent[] = [];
  /** Its address, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The write key that it knows. */
  readonly writeKey: string;
  readonly #ids = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #end: () => Promise<void>;

  /** @internal */
  constructor(url: string, writeKey: string, end: () => Promise<void>) {
    this.url = url;
    this.writeKey = writeKey;
    this.#end = end;
  }

  /** For `integrations["Segment.io"].apiHost`, beside `protocol: "http"`. */
  get apiHost(): string {
    return `${new URL(this.url).host}/v1`;
  }

  /** Takes an event, unless one with its message id is there. @internal */
  take(event: SegmentEvent): void {
    const { messageId } = event;
    if (messageId !== undefined) {
      if (this.#ids.has(messageId)) return;
      this.#ids.add(messageId);
    }
    this.events.push(event);
    for (const look of this.#waiting) look();
  }

  /**
   * Waits until `find` returns a result for the events so far.
   *
   * @throws Error after `timeoutMs` milliseconds, with the names of what came
   */
  waitFor<T>(
    find: (events: readonly SegmentEvent[]) => T | undefined | false,
    timeoutMs: number = WAIT_MAX_MS,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const timer = setTimeout(() => {
        const names = this.events.map((one) => one.event ?? one.type);
        const came = names.join(", ") || "nothing";
        end(() => reject(new Error(`waited in vain; there came ${came}`)));
      }, timeoutMs);
      const look = (): void => {
        const found = find(this.events);
        if (found) end(() => resolve(found));
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits for a track of that name with at least these properties. */
  waitForTrack(event: string, properties?: object): Promise<SegmentEvent> {
    return this.waitFor((events) =>
      events.find(
        (one) =>
          one.type === "track" &&
          one.event === event &&
          matches(one.properties ?? {}, properties ?? {}),
      ),
    );
  }

  /** Stops it. */
  close(): Promise<void> {
    return this.#end();
  }
}
