import type {
  AnalyticsBrowserSettings,
  InitOptions,
  SegmentioSettings,
} from "./types";
import { snapshot } from "./snapshot";
import { VERSION } from "./version";

const DAY_S = 24 * 3600;

/** `https://host/v1/b`; an `apiHost` that names its protocol keeps it. */
export function endpoint({ apiHost, protocol }: SegmentioSettings): string {
  const host = apiHost ?? "api.segment.io/v1";
  const base = /^https?:\/\//.test(host)
    ? host
    : `${protocol ?? "https"}://${host}`;
  return `${base}/b`;
}

/** `navigator.userAgentData` as the peer sends it: the low-entropy members. */
function userAgentData(): object | undefined {
  const data = (navigator as { userAgentData?: Record<string, unknown> })
    .userAgentData;
  if (!data) return undefined;
  const { brands, mobile, platform } = data;
  return { brands, mobile, platform };
}

/** The settings of the core as JSON text; see `waymark_core::settings`. */
export function coreSettings(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): string {
  const segmentio = options.integrations?.["Segment.io"];
  const cookie = options.cookie ?? {};
  return snapshot({
    writeKey: settings.writeKey,
    endpoint: endpoint(
      segmentio && typeof segmentio === "object" ? segmentio : {},
    ),
    flushAt: options.flushAt,
    flushIntervalMs: options.flushInterval,
    integrations: options.integrations,
    library: { name: "waymark", version: VERSION },
    userAgent: navigator.userAgent,
    userAgentData: userAgentData(),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    host: globalThis.location?.hostname,
    cookieDomain: cookie.domain,
    cookieMaxAgeS: cookie.maxage && Math.round(cookie.maxage * DAY_S),
    cookiePath: cookie.path,
    cookieSameSite: cookie.sameSite,
    cookieSecure: cookie.secure,
  });
}
