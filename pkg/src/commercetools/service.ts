/** Sends customers to the gateway, and says whether it took them. */
import { SegmentServerService } from "../server/service";
import type { SegmentServerConfig } from "../server/event-types";
import { randomId } from "../base/random-id";
import type {
  SegmentClient,
  SegmentIdentifyPayload,
  SegmentIntegrationResult,
} from "./types";

const failed = (message: string): SegmentIntegrationResult => ({
  success: false,
  error: { message },
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * A client of the gateway, over `@segment/analytics-node`, which the function installs. Its
 * `identify` waits until it is known what became of the event, so that each call has an answer of
 * its own; calls at the same time share a request.
 *
 * Throws a `TypeError` unless there are a host and a key: as arguments, or as `WAYMARK_HOST` and
 * `WAYMARK_WRITE_KEY` (or `SEGMENT_WRITE_KEY`) in the environment.
 */
export function createSegmentClient(
  writeKey?: string,
  config: Omit<SegmentServerConfig, "writeKey" | "onError"> = {},
): SegmentClient {
  /** The calls that wait; `error` says why an event was given up. */
  const waiting = new Set<{ messageId: string; error?: Error }>();
  const service = new SegmentServerService({
    flushInterval: 0,
    ...config,
    ...(writeKey ? { writeKey } : undefined),
    onError: (error, events) => {
      for (const { messageId } of events as { messageId: string }[]) {
        for (const call of waiting) {
          if (call.messageId === messageId) call.error = error;
        }
      }
    },
  });
  const flush = async () => {
    if (!(await service.flush())) {
      throw new Error("the gateway did not answer in time");
    }
  };
  return {
    async identify({ userId, traits, messageId = `ct-${randomId()}` }) {
      const call: { messageId: string; error?: Error } = { messageId };
      waiting.add(call);
      try {
        const none = undefined;
        const options = { messageId };
        service.identify(userId, { ...traits }, none, none, none, options);
        await flush();
        if (call.error) throw call.error;
      } finally {
        waiting.delete(call);
      }
    },
    flush,
    closeAndFlush: () => service.close(),
  };
}

/** Sends a customer with a client. Never throws or rejects. */
export async function sendCustomerToSegmentWithClient(
  client: SegmentClient,
  payload: SegmentIdentifyPayload,
): Promise<SegmentIntegrationResult> {
  try {
    if (!payload.userId) return failed("the customer has no user id");
    await client.identify(payload);
    await client.flush();
    return { success: true };
  } catch (error) {
    return failed(messageOf(error));
  }
}

let shared: SegmentClient | undefined;

/** Sends a customer with the client of the environment. Never throws or rejects. */
export async function sendCustomerToSegment(
  payload: SegmentIdentifyPayload,
): Promise<SegmentIntegrationResult> {
  try {
    shared ??= createSegmentClient();
  } catch (error) {
    return failed(messageOf(error));
  }
  return sendCustomerToSegmentWithClient(shared, payload);
}
