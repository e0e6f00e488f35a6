/** An event's way through the plugins; fetched when the first plugin is registered. */
import type { AnalyticsClient } from "../model/plugin";
import { Context, ContextCancelation } from "../model/context";
import type { EventQueue } from "../model/event-queue";
import { sleep } from "../base/platform";
import { PLUGIN_ATTEMPTS_MAX, PLUGIN_RETRY_BASE_MS } from "../base/limits";
import type { Plugin } from "../model/plugin";
import type { SegmentEvent } from "../model/event";

type Hook = (context: Context) => Context | Promise<Context> | void;

/** Sends an event on its way to Segment or the gateway. */
export type Send = (context: Context) => void | Promise<void>;

const SEGMENT = "Segment.io";

/** The plugins of `type` that the event's `integrations` let see it. */
function permitted(
  queue: EventQueue,
  type: string,
  event: SegmentEvent,
): Plugin[] {
  const choice = (event.integrations ?? {}) as Record<string, unknown>;
  return queue.plugins.filter((plugin) => {
    if (plugin.type !== type) return false;
    if (type !== "destination") return true;
    const { name, alternativeNames } = plugin as Plugin & {
      alternativeNames?: string[];
    };
    const other = alternativeNames?.find((it) => choice[it] !== undefined);
    const own = choice[name] ?? (other && choice[other]);
    // `All: false` does not apply to Segment itself.
    return own ?? (name === SEGMENT || choice.All !== false);
  });
}

/** Runs the plugin's hook; returns its result or its error. */
async function attempt(context: Context, plugin: Plugin): Promise<unknown> {
  context.log("debug", "plugin", { plugin: plugin.name });
  const hook = (plugin as unknown as Record<string, Hook | undefined>)[
    context.event.type
  ];
  if (!hook) return context;
  try {
    return await hook.call(plugin, context);
  } catch (error) {
    const cancelled = error instanceof ContextCancelation;
    if (cancelled && error.type === "middleware_cancellation") throw error;
    const extras = { plugin: plugin.name, error };
    if (cancelled) context.log("warn", error.type, extras);
    else context.log("error", "plugin Error", extras);
    return error;
  }
}

/**
 * Runs a `before` plugin and retries it if it fails. After the last attempt the event goes on
 * without it, because a plugin's failure must not lose the event.
 *
 * @throws {ContextCancelation} if the plugin stops the event
 */
async function insist(context: Context, plugin: Plugin): Promise<Context> {
  for (let tried = 1; ; tried++) {
    context.attempts = tried;
    const seen = await attempt(context, plugin);
    if (seen instanceof Context) return seen;
    if (seen instanceof ContextCancelation) throw seen;
    if (tried >= PLUGIN_ATTEMPTS_MAX) {
      console.warn(
        `waymark: plugin ${plugin.name} failed, event goes on`,
        seen,
      );
      return context;
    }
    const waitMs = PLUGIN_RETRY_BASE_MS * 2 ** (tried - 1);
    await sleep(waitMs);
  }
}

async function enrich(queue: EventQueue, given: Context): Promise<Context> {
  let context = given;
  for (const plugin of permitted(queue, "before", context.event)) {
    context = await insist(context, plugin);
    queue.emit("message_enriched", context, plugin);
  }
  for (const plugin of permitted(queue, "enrichment", context.event)) {
    const seen = await attempt(context, plugin);
    if (seen instanceof Context) context = seen;
    queue.emit("message_enriched", context, plugin);
  }
  return context;
}

async function send(queue: EventQueue, context: Context, toSegment: Send) {
  const destinations = permitted(queue, "destination", context.event);

  await Promise.all(
    // eslint-disable-next-line @typescript-eslint/await-thenable -- Promise.all takes values, too
    destinations.map((plugin) =>
      plugin.name === SEGMENT ? toSegment(context) : attempt(context, plugin),
    ),
  );
  queue.emit("message_delivered", context);
  const after = permitted(queue, "after", context.event);
  await Promise.all(after.map((plugin) => attempt(context, plugin)));
}

/** Takes an event through the plugins and to its destinations. */
export async function deliver(
  queue: EventQueue,
  given: Context,
  toSegment: Send,
): Promise<Context> {
  given.log("debug", "Dispatching");
  try {
    const context = await enrich(queue, given);
    context.attempts = 1;
    await send(queue, context, toSegment);
    const failure = context.failedDelivery();
    if (failure) queue.emit("delivery_failure", context, failure.reason);
    else queue.emit("delivery_success", context);
    context.log(
      failure ? "error" : "debug",
      failure ? "Failed to deliver" : "Delivered",
    );
    return context;
  } catch (reason) {
    given.setFailedDelivery({ reason });
    given.log("error", "Failed to deliver", { reason });
    queue.emit("delivery_failure", given, reason);
    return given;
  }
}

/** Registers a plugin, without waiting for a destination's `load`. */
export async function register(
  queue: EventQueue,
  context: Context,
  plugin: Plugin,
  analytics: unknown,
): Promise<void> {
  queue.plugins.push(plugin);
  const failed = (error: unknown) => {
    queue.failedInitializations.push(plugin.name);
    queue.emit("initialization_failure", plugin);
    console.warn(plugin.name, error);
    context.log("warn", "Failed to load destination", {
      plugin: plugin.name,
      error,
    });
    queue.plugins = queue.plugins.filter((one) => one !== plugin);
  };
  const load = async () => plugin.load(context, analytics as never);
  const loaded = load().catch(failed);
  if (plugin.type !== "destination") await loaded;
}

/** Removes every plugin of that name; only the first one's `unload` is called. */
export async function deregister(
  queue: EventQueue,
  context: Context,
  name: string,
  analytics: unknown,
): Promise<void> {
  const plugin = queue.plugins.find((one) => one.name === name);
  if (!plugin) {
    context.log("warn", `plugin ${name} not found`);
    return;
  }
  try {
    await plugin.unload?.(context, analytics as never);
    queue.plugins = queue.plugins.filter((one) => one.name !== name);
  } catch (error) {
    context.log("warn", "Failed to unload destination", {
      plugin: name,
      error,
    });
  }
}

/** The event with its wire-only members (contract, §c.3). */
export function wireOf(
  { queue, settings }: AnalyticsClient,
  event: SegmentEvent,
  userId: string | null,
): object {
  const failed = queue.failedInitializations;
  return {
    ...event,
    ...(event.type === "alias" && {
      previousId: event.previousId ?? userId ?? event.anonymousId,
    }),
    userId: event.userId ?? userId,
    writeKey: settings.writeKey,
    _metadata: {
      ...(failed.length > 0 && { failedInitializations: failed }),
      ...{ bundled: ["Segment.io"], unbundled: [], bundledIds: [] },
    },
  };
}
