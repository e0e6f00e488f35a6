/** Has the store API's answers looked at, if the option `storeApi` says so. */
import { randomUUID } from "node:crypto";
import {
  defineMiddlewares,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from "@medusajs/framework/http";
import { serviceOf } from "../loading";
import { type Answered, eventsOf, ROUTES } from "./store-events";

/** Requests that are looked at already: more than one matcher may fit. */
const watched = new WeakSet<MedusaRequest>();

/** Looks at the JSON that a request is answered with, after it is sent. */
function watch(
  request: MedusaRequest,
  response: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const service = serviceOf(request.scope);
  if (!service.settings.storeApi || watched.has(request)) {
    next();
    return;
  }
  watched.add(request);
  let answer: unknown;
  const json = response.json.bind(response);
  response.json = (body: any) => {
    answer = body;
    return json(body);
  };
  response.once("finish", () => {
    if (response.statusCode >= 300 || !answer) return;
    const auth = (request as { auth_context?: Record<string, unknown> })
      .auth_context;
    const isCustomer = auth?.actor_type === "customer" && auth.actor_id;
    const answered: Answered = {
      method: request.method,
      path: request.originalUrl.split("?")[0]!.replace(/\/$/, ""),
      query: request.query,
      body: (request.body ?? {}) as Record<string, unknown>,
      answer: answer as Record<string, any>,
      headers: request.headers,
      customerId: isCustomer ? String(auth.actor_id) : undefined,
      ip: request.ip,
    };
    Promise.resolve()
      .then(() => service.append(eventsOf(answered, randomUUID)))
      .catch((error: unknown) =>
        console.error("waymark: a request's event was not kept:", error),
      );
  });
  next();
}

export default defineMiddlewares({
  routes: ROUTES.map(({ matcher, method }) => ({
    matcher,
    method: [method],
    middlewares: [watch],
  })),
});
