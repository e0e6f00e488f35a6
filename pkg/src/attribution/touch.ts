import type { PageFacts } from "../page/page";
import { PARAMETER_MAX } from "./limits";

/** What led the visitor to the shop, once. */
export interface Touch {
  /** ISO time of the first call after it. */
  at: string;
  /** The address that was come to, without its hash. */
  landingPage: string;
  /** The page of another site that was left; nothing where there was none. */
  referrer?: string;
  /** The campaign's parameters, without `utm_`, as in `context.campaign`, where `campaign` is `name`. */
  campaign?: Record<string, string>;
  /** Click ids, by the names of their parameters. */
  clickIds?: Record<string, string>;
}

/** Parameters that advertising networks add to an address. */
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

/** The touch that a call on `page` at `nowMs` tells of; its visitor may have come directly. */
export function touchOf(page: PageFacts, nowMs: number): Touch {
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
  if (referrer && hostOf(referrer) !== hostOf(href)) touch.referrer = referrer;
  if (Object.keys(campaign).length > 0) touch.campaign = campaign;
  if (Object.keys(clickIds).length > 0) touch.clickIds = clickIds;
  return touch;
}

/** Whether something led the visitor there, and he did not just come. */
export function isLed({ campaign, clickIds, referrer }: Touch): boolean {
  return Boolean(campaign ?? clickIds ?? referrer);
}

/** Whether both tell of the same, so that the first stays. */
export function isSameTouch(one: Touch, other: Touch): boolean {
  const gist = ({ campaign, clickIds, referrer }: Touch) =>
    JSON.stringify([campaign, clickIds, referrer]);
  return gist(one) === gist(other);
}
