import type { Extensions } from "../call/extensions";
import type { Gate } from "../consent/gate";
import type { AnalyticsClient } from "../model/plugin";
import type { EventQueue } from "../model/event-queue";

/** The client as the parts it is made of see it. */
export interface Host extends AnalyticsClient {
  readonly queue: EventQueue;
  /** The consent gate. */
  readonly gate: Gate | undefined;
  /** They see each call first. */
  readonly extensions: Extensions | undefined;
  /** Whether anybody listens to `event`. */
  hears(event: string): boolean;
}
