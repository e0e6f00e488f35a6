/** Routes by which a shop's own pages and apps send events, as a router of Express. */
import {
  type ExpressRequest,
  type ExpressResponse,
  type Next,
} from "./express-types";
import { BODY_MAX_BYTES, FLUSH_MAX_MS } from "./limits";
import { segmentServer, type SegmentServerService } from "./service";
import { contextOf } from "./tracking";

/** A request that is answered with an error; the message is for the caller. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Body = Record<string, unknown>;

/** The request's body as JSON: as a parser left it, or read here, within its limit. */
async function bodyOf(request: ExpressRequest): Promise<Body> {
  let body: unknown = request.body;
  if (body === undefined) {
    let bytes = 0;
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > BODY_MAX_BYTES) {
        throw new Refusal(413, `the body is over ${BODY_MAX_BYTES} bytes`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
    try {
      body = JSON.parse(text || "{}");
    } catch {
      throw new Refusal(400, "the body is no JSON");
    }
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal(400, "the body must be a JSON object");
  }
  return body as Body;
}

/** A text or a number of the body, as text; the empty one counts as absent. */
function textOf(body: Body, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw new Refusal(400, `${name} must be a text`);
}

/** An object of the body. */
function objectOf(body: Body, name: string): Body | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Body;
  }
  throw new Refusal(400, `${name} must be an object`);
}

/** Makes the call of a route. Returns `undefined` for a path that is none. */
function callOf(
  service: SegmentServerService,
  path: string,
): ((request: ExpressRequest, body: Body) => unknown) | undefined {
  const ids = (body: Body) =>
    [textOf(body, "userId"), textOf(body, "anonymousId")] as const;
  switch (path) {
    case "/identify":
      return (request, body) => {
        const [userId, anonymousId] = ids(body);
        const traits = objectOf(body, "traits");
        const context = contextOf(request);
        service.identify(userId, traits, context, undefined, anonymousId);
      };
    case "/track":
      return (request, body) => {
        const [userId, anonymousId] = ids(body);
        const event = textOf(body, "event") ?? "";
        const properties = objectOf(body, "properties");
        const context = contextOf(request);
        service.track(
          userId,
          event,
          properties,
          context,
          undefined,
          anonymousId,
        );
      };
    case "/page":
      return (request, body) => {
        const [userId, anonymousId] = ids(body);
        service.page(
          userId,
          textOf(body, "category"),
          textOf(body, "name"),
          objectOf(body, "properties"),
          contextOf(request),
          undefined,
          anonymousId,
        );
      };
    case "/group":
      return (request, body) => {
        const [userId, anonymousId] = ids(body);
        const groupId = textOf(body, "groupId") ?? "";
        const traits = objectOf(body, "traits");
        const context = contextOf(request);
        service.group(userId, groupId, traits, context, undefined, anonymousId);
      };
    case "/alias":
      return (request, body) => {
        const userId = textOf(body, "userId") ?? "";
        const previousId = textOf(body, "previousId") ?? "";
        service.alias(userId, previousId, contextOf(request));
      };
    case "/flush":
      return async () => {
        if (!(await service.flush(FLUSH_MAX_MS))) {
          throw new Refusal(503, "not all events are sent yet; they are kept");
        }
      };
    default:
      return undefined;
  }
}

/** An error's status and what the caller is told. */
function told(error: unknown, path: string): [number, string] {
  if (error instanceof Refusal) return [error.status, error.message];
  // What a service throws for arguments that make no event.
  if (error instanceof TypeError) return [400, error.message];
  console.error(`waymark: ${path} failed:`, error);
  return [500, `${path} failed`];
}

/**
 * `POST /identify`, `/track`, `/page`, `/group`, `/alias` and `/flush` for
 * `app.use("/segment", segmentRouter())`. They take JSON and answer `{"success":true}`, or
 * `{"error":"…"}` with 400 for what makes no event. Whoever can reach them can send events for any
 * user: a handler before them says who may.
 */
export function segmentRouter(
  service: SegmentServerService = segmentServer,
): (
  request: ExpressRequest,
  response: ExpressResponse,
  next: Next,
) => Promise<void> {
  return async (request, response, next) => {
    const path = (request.url ?? "").split("?")[0]!.replace(/\/$/, "");
    const call = request.method === "POST" && callOf(service, path);
    if (!call) {
      next();
      return;
    }
    let status = 200;
    let answer: object = { success: true };
    try {
      await call(request, await bodyOf(request));
    } catch (error) {
      const [refused, why] = told(error, path);
      status = refused;
      answer = { error: why };
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  };
}
