/** Has a server set the visitor's cookies again: what a script has set, Safari forgets in a week. */
import type { Gate } from "../consent/gate";
import type { AnalyticsClient } from "../model/plugin";
import { IDENTITY_RENEWAL_MIN_MS } from "../base/limits";

/** When that was asked for the last time, in milliseconds since 1970. */
const KEY = "waymark:identity";

/** Whether it is time, in which case it is noted: a server that fails is not asked by each page. */
function isTime(nowMs: number): boolean {
  try {
    const agoMs = nowMs - Number(localStorage.getItem(KEY));
    if (agoMs >= 0 && agoMs < IDENTITY_RENEWAL_MIN_MS) return false;
    localStorage.setItem(KEY, String(nowMs));
    return true;
  } catch {
    return false; // Nothing would keep the next page from asking again.
  }
}

/** Asks `endpoint`, an address, unless it was asked within a day. */
export async function renewIdentity(
  analytics: AnalyticsClient & { readonly gate: Gate | undefined },
  endpoint: string,
): Promise<void> {
  const { gate, options, settings } = analytics;
  const { disable, persist } = options.user ?? {};
  if (options.disableClientPersistence || disable || persist === false) return;
  const isGranted = () => gate?.state === "granted";
  if (!isGranted() || !isTime(Date.now())) return;
  const user = analytics.user();
  const group = analytics.group();
  const ids = () => [user.anonymousId(), user.id(), group.id()] as const;
  const sent = ids();
  const [anonymousId] = sent;
  try {
    await fetch(endpoint, {
      body: JSON.stringify({ writeKey: settings.writeKey, anonymousId }),
      credentials: "include",
      // Not a header that would cost a preflight.
      headers: { "content-type": "text/plain" },
      keepalive: true,
      method: "POST",
    });
  } catch (error) {
    console.warn("waymark: the visitor's cookies were not renewed", error);
  }
  // The answer has brought back what was forgotten since.
  if (!isGranted()) return (await import("../consent/erase")).erase(options);
  const now = ids();
  if (now.every((id, at) => id === sent[at])) return;
  user.anonymousId(null);
  user.anonymousId(now[0]);
  user.id(now[1]);
  group.id(now[2]);
}
