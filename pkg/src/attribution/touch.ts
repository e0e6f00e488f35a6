import { snapshot } from "../base/snapshot";
import type { PageFacts } from "../page/page";
import { PARAMETER_MAX } from "./limits";
import type { RefersNothing } from "./referrers";

/** One arrival at the shop, and what led to it. */
export interface Touch {
  /** ISO time of the first call after the arrival. */
  at: string;
  /** The address of the first page, without its hash. */
  landingPage: string;
  /** The page of another site that the visitor came from, if there was one. */
  referrer?: string;
  /** The `utm_` parameters, named as in `context.campaign`: `utm_campaign` is `name`. */
  campaign?: Record<string, string>;
  /** Click ids by parameter name. */
  clickIds?: Record<string, string>;
}

/** Parameters that advertising networks add to addresses. */
const CLICK_IDS = new Set(
  "gclid gbraid wbraid dclid fbclid msclkid ttclid twclid li_fat_id epik ScCid rdt_cid yclid irclickid awc cjevent".split(
    " ",
  ),
);

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return "";
  }
}

/**
 * The touch of a call on `page` at `nowMs`. It may be a direct visit, which it also is from a host
 * that `refersNothing`.
 */
export function touchOf(
  page: PageFacts,
  nowMs: number,
  refersNothing: RefersNothing = (host, own) => host === own,
): Touch {
  const [href, , search, , referrer] = page;
  const campaign: Record<string, string> = {};
  const clickIds: Record<string, string> = {};
  for (const [name, text] of new URLSearchParams(search)) {
    const value = text.slice(0, PARAMETER_MAX);
    if (value === "") continue;
    if (CLICK_IDS.has(name)) clickIds[name] = value;
    const [, key] = /^utm_(\w{1,50})$/.exec(name) ?? [];
    if (key) campaign[key === "campaign" ? "name" : key] = value;
  }
  const touch: Touch = {
    at: new Date(nowMs).toISOString(),
    landingPage: href.replace(/#.*/s, ""),
  };
  if (referrer && !refersNothing(hostOf(referrer), hostOf(href))) {
    touch.referrer = referrer;
  }
  if (Object.keys(campaign).length > 0) touch.campaign = campaign;
  if (Object.keys(clickIds).length > 0) touch.clickIds = clickIds;
  return touch;
}

/** Whether a campaign, an advertisement or another site led the visitor here. */
export function isLed({ campaign, clickIds, referrer }: Touch): boolean {
  return Boolean(campaign ?? clickIds ?? referrer);
}

/** Whether both touches have the same cause. */
export function isSameTouch(one: Touch, other: Touch): boolean {
  const gist = ({ campaign, clickIds, referrer }: Touch) =>
    snapshot([campaign, clickIds, referrer]);
  return gist(one) === gist(other);
}
