import type { Extensions } from "../call/extensions";
import type { Gate } from "../consent/gate";
import type { AnalyticsClient } from "../model/plugin";
import type { EventQueue } from "../model/event-queue";

/** The client, as its parts use it. */
export interface Host extends AnalyticsClient {
  /** The plugins. */
  readonly queue: EventQueue;
  /** The consent gate. */
  readonly gate: Gate | undefined;
  /** The extensions, which see each call first. */
  readonly extensions: Extensions | undefined;
  /** Whether `event` has a listener. */
  hears(event: string): boolean;
}
