/**
 * The entry `waymark/destinations`: what vendors' own scripts know the visitor by, for what the
 * gateway sends to the same vendors. An extension of `load`.
 */
import type { Choices } from "../model/consent";
import type { Asker, Extension } from "../model/extension";
import { PAGE_TEXTS } from "../page/page";
import { type Clicks, ClickStore } from "./clicks";
import {
  clientIdOf,
  cookieJar,
  gclidOf,
  sessionIdOf,
  valueOf,
} from "./cookies";

/** The vendors whose ids are carried. Each is off by default. */
export interface DestinationIdsOptions {
  /**
   * Google Analytics 4: the client id of `_ga`. With the measurement id (`G-…`) in place of `true`
   * also the id of the session.
   */
  ga4?: boolean | string;
  /** Meta: `_fbp`, and `_fbc` or what the click id in the address makes of it. */
  meta?: boolean;
  /** TikTok: `_ttp`, and the click id `ttclid`. */
  tiktok?: boolean;
  /** Google Ads: the click ids `gclid`, `gbraid` and `wbraid`. */
  googleAds?: boolean;
  /**
   * The categories of consent that all but `ga4` need besides that of recording;
   * `["advertising"]` by default. A category without an answer counts as refused.
   */
  categories?: readonly string[];
}

/** What the visitor is known by, as the gateway's destinations read it in `context`. */
export interface DestinationIds {
  ga4?: { clientId: string; sessionId?: string };
  fbp?: string;
  fbc?: string;
  ttp?: string;
  clickIds?: Record<string, string>;
}

/** What a shop's server needs so that its order joins the visitor's events, as JSON. */
export interface CartIds {
  anonymousId: string;
  context: DestinationIds;
}

/** The part of a client that is used here. */
interface Client {
  readonly consent:
    { readonly state: string; readonly choices: Choices } | undefined;
  user: () => PromiseLike<{ anonymousId: () => string | null | undefined }>;
}

/** The extension, with what a cart is given. */
export interface DestinationIdsExtension extends Extension {
  /**
   * The visitor's ids for the shop's cart, so that the order that the shop's server tells of has
   * them. `undefined` while the visitor does not agree.
   */
  forCart: (analytics: Client) => Promise<CartIds | undefined>;
}

/** The choices that a call was stamped with. */
function choicesOf(page: readonly (string | undefined)[]): Choices {
  const stamp = page[PAGE_TEXTS];
  if (!stamp) return {};
  const { categoryPreferences } = JSON.parse(stamp) as {
    categoryPreferences?: Choices;
  };
  return categoryPreferences ?? {};
}

/** The members that have a value. */
const known = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

/**
 * Stamps the context of each event with the ids that vendors' own scripts have for the visitor, so
 * that what the gateway sends joins what they send. It reads cookies and the address only while the
 * visitor agrees, and forgets click ids when he does not, and on `reset`.
 *
 * @example
 * const ids = destinationIds({ ga4: "G-ABC123", meta: true });
 * const analytics = AnalyticsBrowser.load({ writeKey }, { extensions: [ids] });
 * // When the visitor puts something into the cart:
 * await updateCart({ metadata: { waymark: await ids.forCart(analytics) } });
 */
export function destinationIds(
  options: DestinationIdsOptions,
): DestinationIdsExtension {
  const { ga4, meta, tiktok, googleAds } = options;
  const { categories = ["advertising"] } = options;
  const store = new ClickStore();
  let asked: Asker | undefined;

  const idsAt = (nowMs: number, search: string, choices: Choices) => {
    const jar = cookieJar();
    const ids: DestinationIds = {};
    const clientId = ga4 ? clientIdOf(jar.get("_ga")) : undefined;
    if (clientId) {
      const own = String(ga4).replace(/^G-/, "");
      const sessionId = sessionIdOf(jar.get(`_ga_${own}`));
      ids.ga4 = sessionId ? { clientId, sessionId } : { clientId };
    }
    if (!categories.every((one) => choices[one] === true)) return ids;
    const clicks: Clicks =
      meta || tiktok || googleAds ? store.read(nowMs, search, asked) : {};
    const { fbclid, ttclid, gclid, gbraid, wbraid } = clicks;
    const clickIds = known({
      ...(tiktok && { ttclid: ttclid?.[0] ?? valueOf(jar, "ttclid") }),
      ...(googleAds && {
        gclid: gclid?.[0] ?? gclidOf(jar.get("_gcl_aw")),
        gbraid: gbraid?.[0],
        wbraid: wbraid?.[0],
      }),
    });
    return {
      ...ids,
      ...known({
        // https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc
        fbp: meta ? valueOf(jar, "_fbp") : undefined,
        fbc: meta
          ? (valueOf(jar, "_fbc") ??
            (fbclid && `fb.1.${fbclid[1]}.${fbclid[0]}`))
          : undefined,
        ttp: tiktok ? valueOf(jar, "_ttp") : undefined,
        clickIds:
          Object.keys(clickIds).length > 0
            ? (clickIds as Record<string, string>)
            : undefined,
      }),
    };
  };

  return {
    name: "destinationIds",
    see({ nowMs, page }, asker) {
      asked = asker;
      if (typeof document === "undefined") return undefined;
      const choices = choicesOf(page);
      if (categories.some((one) => choices[one] === false)) store.forget();
      return { context: { ...idsAt(nowMs, page[2], choices) } };
    },
    forget() {
      store.forget();
    },
    async forCart(analytics) {
      const isGranted = () => analytics.consent?.state === "granted";
      if (!isGranted()) return undefined;
      const anonymousId = (await analytics.user()).anonymousId();
      // He may have changed his mind meanwhile.
      if (!anonymousId || !isGranted()) return undefined;
      const choices = analytics.consent?.choices ?? {};
      return {
        anonymousId,
        context: idsAt(Date.now(), location.search, choices),
      };
    },
  };
}
