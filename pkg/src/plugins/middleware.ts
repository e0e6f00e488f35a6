/** Source middleware as a plugin; fetched when the first is added. */
import { type Context, ContextCancelation } from "../model/context";
import type { MiddlewareFunction, Plugin } from "../model/plugin";
import { toFacade } from "./facade";

/** A plugin that calls `middleware` for every event, and stops those not passed on. */
export function sourceMiddleware(
  middleware: MiddlewareFunction,
  integrations: Record<string, boolean>,
): Plugin {
  const apply = async (context: Context) => {
    let passed = false;
    await middleware({
      payload: toFacade(context.event) as never,
      integrations: integrations,
      next: (payload) => {
        passed = true;
        if (payload) context.event = payload.obj;
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
  };
}
