/** An event as it is on the wire. */
export type SegmentEvent = Record<string, unknown>;

/** What a call's promise resolves to: the recorded event, parsed only when it is looked at. */
export class Context {
  readonly #text: string;
  #event: SegmentEvent | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The event as it was recorded. */
  get event(): SegmentEvent {
    this.#event ??= JSON.parse(this.#text) as SegmentEvent;
    return this.#event;
  }

  /** The event's message id. */
  get id(): string {
    return String(this.event.messageId);
  }

  toJSON(): { id: string; event: SegmentEvent } {
    return { id: this.id, event: this.event };
  }
}
