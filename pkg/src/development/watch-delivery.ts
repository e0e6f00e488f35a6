import { DELIVERY_LOOK_MS, DELIVERY_LOOKS_MAX } from "../base/limits";
import { baseUrl } from "../core/address";
import { mergedSegment } from "../core/segment-settings";
import type { CDNSettings } from "../model/source-settings";
import { whyNotTaken } from "./probe";
import { tell } from "./tell";
import type { Load, Watched } from "./watched";

/** Says why, once no server has taken any event for half a minute though events wait. */
export function watchDelivery(client: Watched, load: Load): void {
  const { loaded = Promise.resolve(client), options, settings } = load;
  let cdn = settings.cdnSettings ?? ({} as CDNSettings);
  loaded.then(
    (analytics) => {
      cdn = analytics.settings?.cdnSettings ?? cdn;
    },
    () => {},
  );
  const say = async () => {
    const url = baseUrl(mergedSegment(cdn, settings, options));
    // That no address is known the client has told.
    if (!url) return;
    // Before the client is there, calls are held and no event is made of them.
    const { accepted, restored } = client.delivery();
    const why =
      accepted + restored > 0
        ? await whyNotTaken(`${url}/b`, settings.writeKey)
        : "the SDK's own files have not come: look at the failed requests in the browser's network tab, and ship all files of its folder";
    tell(
      `no server has taken an event for ${(DELIVERY_LOOKS_MAX * DELIVERY_LOOK_MS) / 1000} s: ${why}`,
    );
  };
  let looks = 0;
  let taken = -1;
  setInterval(() => {
    const { acknowledged, pending } = client.delivery();
    const isWaiting = client.gate?.state === "granted" && pending > 0;
    if (!isWaiting || acknowledged > taken) looks = 0;
    taken = acknowledged;
    if (++looks === DELIVERY_LOOKS_MAX) say().catch(() => {});
  }, DELIVERY_LOOK_MS);
}
