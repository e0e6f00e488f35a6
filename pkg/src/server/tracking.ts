/** Page views that a server sees, as a middleware of Express. */
import { redactUrl } from "../page/page";
import { ANONYMOUS_ID, idOf } from "./cookie-id";
import type { ServerContext } from "./event-types";
import {
  type ExpressRequest,
  type ExpressResponse,
  headerOf,
  type Next,
} from "./express-types";
import { ID_CHARS_MAX } from "./limits";
import { segmentServer, type SegmentServerService } from "./service";

/** What the middleware tracks. */
export interface TrackingOptions {
  /** Paths that are no pages, with all below them: `/health` and `/favicon.ico` by default. */
  excludePaths?: string[];
  /** Adds the query to the address, and as `query`, with secrets replaced; off by default. */
  includeQueryParams?: boolean;
  /** Tracks an event of this name in place of a page view. */
  trackingEventName?: string;
  /** The service; `segmentServer` by default. */
  service?: SegmentServerService;
}

/** The id of the user whom an earlier middleware put into the request. */
function userIdOf(request: ExpressRequest): string | undefined {
  const { user } = request as { user?: { id?: string | number | null } };
  return user?.id === undefined || user.id === null
    ? undefined
    : String(user.id);
}

/** The visitor's anonymous id, from the SDK's cookie or the header of an app. */
function anonymousIdOf(request: ExpressRequest): string | undefined {
  const id =
    idOf(headerOf(request, "cookie") ?? "", ANONYMOUS_ID) ??
    headerOf(request, "x-anonymous-id");
  return id && id.length <= ID_CHARS_MAX ? id : undefined;
}

/** The context of an event that a request causes. */
export function contextOf(request: ExpressRequest): ServerContext {
  const { socket } = request as { socket?: { remoteAddress?: string } };
  return {
    ip: request.ip ?? socket?.remoteAddress,
    userAgent: headerOf(request, "user-agent"),
    locale: headerOf(request, "accept-language")?.split(/[,;]/)[0] || undefined,
  };
}

/** Parameters of a query; one that is there more than once is a list. */
function parameters(search: string): Record<string, string | string[]> {
  const all = new URLSearchParams(search);
  const names = [...new Set(all.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = all.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.replace(/\/?$/, "/"));

/**
 * A middleware that records a page view for each GET of a visitor who is known: by `req.user.id`,
 * which an earlier middleware sets, the cookie `ajs_anonymous_id`, or the header
 * `x-anonymous-id`. It never fails and never delays a request.
 */
export function segmentTrackingMiddleware(
  options: TrackingOptions = {},
): (request: ExpressRequest, response: ExpressResponse, next: Next) => void {
  const { includeQueryParams = false, service = segmentServer } = options;
  const { excludePaths = ["/health", "/favicon.ico"], trackingEventName } =
    options;

  function record(request: ExpressRequest): void {
    const address = request.originalUrl ?? request.url ?? "/";
    const [path = "/"] = address.split("?");
    if (request.method !== "GET") return;
    if (excludePaths.some((folder) => isBelow(path, folder))) return;
    const userId = userIdOf(request);
    const anonymousId = anonymousIdOf(request);
    if (!userId && !anonymousId) return;
    const search = includeQueryParams
      ? redactUrl(address.slice(path.length))
      : "";
    const host = headerOf(request, "host") ?? "";
    const referrer = headerOf(request, "referer");
    const properties = {
      path,
      url: `${request.protocol ?? "http"}://${host}${path}${search}`,
      referrer: referrer && redactUrl(referrer),
      userAgent: headerOf(request, "user-agent"),
      ...(search.length > 1 ? { query: parameters(search) } : undefined),
    };
    const context = contextOf(request);
    if (trackingEventName) {
      service.track(
        userId,
        trackingEventName,
        properties,
        context,
        undefined,
        anonymousId,
      );
    } else {
      service.page(
        userId,
        undefined,
        path,
        properties,
        context,
        undefined,
        anonymousId,
      );
    }
  }

  return (request, _response, next) => {
    try {
      record(request);
    } catch (error) {
      console.error("waymark: a page view is not recorded:", error);
    }
    next();
  };
}
