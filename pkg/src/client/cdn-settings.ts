import { warn } from "../base/platform";
import { CDN_SETTINGS_MAX_MS } from "../base/limits";
import { request } from "../core/request";
import type { CDNSettings } from "../model/source-settings";

/**
 * Fetches the source's settings from `cdnURL`. If they are late or unusable, the client goes on
 * without them; Segment's client loses every event then (contract, §d.7 L1).
 */
export async function fetchCdnSettings(
  writeKey: string,
  cdnURL: string,
): Promise<CDNSettings | undefined> {
  const url = `${cdnURL}/v1/projects/${writeKey}/settings`;
  try {
    const signal = AbortSignal.timeout(CDN_SETTINGS_MAX_MS);
    const response = await request(url, { signal });
    const found = (await response.json()) as CDNSettings;
    if (response.ok && found?.integrations) return found;
    warn(`no settings at ${url} (HTTP ${response.status})`);
  } catch (error) {
    warn(`no settings at ${url}`, error);
  }
  return undefined;
}
