/** Source middleware as a plugin: fetched when the first is added. */
import {
  Alias,
  Facade,
  Group,
  Identify,
  Page,
  Screen,
  Track,
} from "@segment/facade";
import { type Context, ContextCancelation } from "./context";
import type { MiddlewareFunction, Plugin, SegmentEvent } from "./types";

const FACADES = {
  alias: Alias,
  group: Group,
  identify: Identify,
  page: Page,
  screen: Screen,
  track: Track,
};

/** The event with the accessors that middleware expects; `obj` is the event itself. */
export function toFacade(event: SegmentEvent): Facade {
  const Kind = FACADES[event.type as keyof typeof FACADES] ?? Facade;
  const facade = new Kind(event as never, { clone: true, traverse: false });
  Object.defineProperty(facade, "obj", { value: event, writable: true });
  return facade as Facade;
}

/** A plugin that calls `middleware` for every event, and stops those it does not pass on. */
export function sourceMiddleware(
  middleware: MiddlewareFunction,
  integrations: Record<string, boolean>,
): Plugin {
  const apply = async (context: Context) => {
    let passed = false;
    await middleware({
      payload: toFacade(context.event) as never,
      integrations: integrations as never,
      next: (payload) => {
        passed = true;
        if (payload) context.event = payload.obj as SegmentEvent;
      },
    });
    if (passed) return context;
    throw new ContextCancelation({
      retry: false,
      type: "middleware_cancellation",
      reason: "Middleware `next` function skipped",
    });
  };
  return {
    name: `Source Middleware ${middleware.name}`,
    type: "before",
    version: "0.1.0",
    isLoaded: () => true,
    load: (context) => Promise.resolve(context),
    alias: apply,
    group: apply,
    identify: apply,
    page: apply,
    screen: apply,
    track: apply,
  } as Plugin;
}
