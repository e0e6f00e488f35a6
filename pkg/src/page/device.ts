import { VERSION } from "../base/version";

/** What the browser tells of itself without being asked for more (contract, §c.3). */
export function userAgentData(): object | undefined {
  const { userAgentData: data } = navigator as {
    userAgentData?: Record<string, unknown>;
  };
  if (!data) return undefined;
  const { brands, mobile, platform } = data;
  return { brands, mobile, platform };
}

/** Members of every event's context that are the same on every page. */
export interface DeviceFacts {
  library: object;
  userAgent: string;
  userAgentData: object | undefined;
  locale: string;
  timezone: string | undefined;
}

/** Reads them from the browser; see `waymark_core::settings`. */
export function deviceFacts(): DeviceFacts {
  return {
    library: { name: "waymark", version: VERSION },
    userAgent: navigator.userAgent,
    userAgentData: userAgentData(),
    locale: navigator.language,
    timezone: timezone(),
  };
}

/**
 * The browser's time zone, if it can be read. `Temporal` is preferred, as a page's first
 * `Intl.DateTimeFormat` loads tables of dates, which would delay the first event by tens of
 * milliseconds.
 */
function timezone(): string | undefined {
  const { Temporal } = globalThis as {
    Temporal?: { Now: { timeZoneId: () => string } };
  };
  try {
    return (
      Temporal?.Now?.timeZoneId?.() ??
      Intl.DateTimeFormat().resolvedOptions().timeZone
    );
  } catch {
    return undefined;
  }
}
