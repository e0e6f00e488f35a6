/** Renews the visitor's cookies through a server: Safari deletes a script's after a week. */
import { warn } from "../base/platform";
import type { Gate } from "../consent/gate";
import type { AnalyticsClient } from "../model/plugin";
import { IDENTITY_RENEWAL_MIN_MS } from "../base/limits";
import { request } from "../core/request";

/** The key of the last request's time, in milliseconds since 1970. */
const KEY = "waymark:identity";

/** Whether a renewal is due; notes the time first, so that a failing server is spared. */
function isTime(nowMs: number): boolean {
  try {
    const agoMs = nowMs - Number(localStorage.getItem(KEY));
    if (agoMs >= 0 && agoMs < IDENTITY_RENEWAL_MIN_MS) return false;
    localStorage.setItem(KEY, String(nowMs));
    return true;
  } catch {
    return false; // Without storage, every page would ask.
  }
}

/** Sends a renewal request to the address `endpoint`, at most once a day. */
export async function renewIdentity(
  analytics: AnalyticsClient & { readonly gate: Gate | undefined },
  endpoint: string,
): Promise<void> {
  const { gate, options, settings } = analytics;
  const { disable, persist } = options.user ?? {};
  if (options.disableClientPersistence || disable || persist === false) return;
  const isGranted = () => gate?.state === "granted";
  if (!isGranted() || !isTime(+new Date())) return;
  const user = analytics.user();
  const group = analytics.group();
  const ids = () => [user.anonymousId(), user.id(), group.id()] as const;
  const sent = ids();
  const [anonymousId] = sent;
  try {
    await request(endpoint, {
      body: JSON.stringify({ writeKey: settings.writeKey, anonymousId }),
      credentials: "include",
      // Another type would cost a preflight.
      headers: { "content-type": "text/plain" },
      keepalive: true,
      method: "POST",
    });
  } catch (error) {
    warn("the visitor's cookies were not renewed", error);
  }
  // The response may have restored cookies that were erased meanwhile.
  if (!isGranted()) return (await import("../consent/erase")).erase(options);
  const now = ids();
  if (now.every((id, at) => id === sent[at])) return;
  user.anonymousId(null);
  user.anonymousId(now[0]);
  user.id(now[1]);
  group.id(now[2]);
}
