/**
 * The express lane to a gateway: the calls that a page holds are posted as they are, and the
 * gateway makes their events, by the core's own rules, while client and core are on their way. What
 * it has stored is not sent again; everything else goes the regular way, with the same ids.
 */
import { snapshot } from "../base/snapshot";
import { inMicrotask, ofDocument, warn, within } from "../base/platform";
import { EXPRESS_BODY_MAX_CHARS, EXPRESS_WAIT_MAX_MS } from "../base/limits";
import { randomId } from "../base/random-id";
import { type HeldCall, isEventOnly } from "../call/call";
import { anonymousIdOf } from "../call/early-identity";
import { baseUrl } from "../core/address";
import { request } from "../core/request";
import { hasOtherSpills } from "../journal/spill";
import type { SegmentioSettings } from "../model/delivery";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import { deviceFacts } from "../page/device";
import { pageQuery } from "../page/page-query";
import { isSimulated } from "../page/simulated";
import type { Held } from "./held";

/**
 * Names of settings and options by which an event is not what the gateway would make of its call, or
 * has another fate.
 */
const ODD_NAMES =
  /\b(dis|storage|user|group|plan|update|high|retry|cdn|plugins|apiKey|delivery|http)/;
/** What in a page's address goes into an event's context. */
const ODD_SEARCH = /[?&](btid|urid)=/;
/** The same of its cookies. */
const ODD_COOKIE = /(^|; )(s%3Acontext|_ga=amp)/;

/** A client's lane. */
export interface ExpressLane {
  /** Posts what is held at the end of the page's task. */
  queue: () => void;
  /** Posts the held calls that were not posted yet, by beacon: the page is left. */
  leave: () => void;
  /** Waits for the gateway's answers, a short time: what is stored need not be sent again. */
  settled: () => Promise<unknown> | undefined;
  /** Posts no more: the client sends what is held. */
  close: (why?: unknown) => void;
}

/** What the options say of Segment's API, whose place the gateway takes. */
const segmentOf = (options: InitOptions) =>
  Object(options.integrations?.["Segment.io"]) as SegmentioSettings;

/** What keeps a page's calls off the lane, if anything does. */
function obstacle(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
): string | undefined {
  // Without an address the API is Segment's.
  const segment = segmentOf(options);
  if (!segment.apiHost || !baseUrl(segment)) return "apiHost";
  const { globalAnalyticsKey = "analytics" } = options;
  const stub = (globalThis as Record<string, unknown>)[globalAnalyticsKey];
  const all = { ...settings, ...options, ...segment };
  const [odd] = ODD_NAMES.exec(Object.keys(all).join()) ?? [];
  return odd ?? (Array.isArray(stub) ? "snippet" : pageQuery());
}

/** The identity as the stores have it; undefined where only the core can tell what goes with it. */
function storedIdentity(options: InitOptions): object | undefined {
  const all = ofDocument("cookie");
  if (ODD_SEARCH.test(location.search) || ODD_COOKIE.test(all))
    return undefined;
  const cookies = all.replace(/(^|; )(?!ajs_|_sio=)[^;]*/g, "");
  // The client takes over the id that is drawn here, and so does the next page.
  if (!/_sio=/.test(cookies))
    anonymousIdOf({ analytics: undefined, options }, randomId());
  const local: Record<string, string> = {};
  for (const name of Object.keys(localStorage)) {
    if (/^ajs_/.test(name)) local[name] = localStorage.getItem(name)!;
  }
  return { cookies, local };
}

/** Closes the lane of the page's other client: what one does to the identity, both must know. */
let closeOther: ((why: string) => void) | undefined;

/**
 * The lane of a client that is loaded with these arguments; closed from the start if its calls may
 * not take it. `held` gives the calls that may be sent, `stored` is told of each that the gateway
 * has.
 */
export function expressLane(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  held: () => readonly Held[],
  stored: (held: Held) => void,
): ExpressLane {
  const url = `${baseUrl(segmentOf(options))}/calls`;
  let isOpen = !!options.gateway && typeof location !== "undefined";
  let isFirst = true;
  let isFailing = false;
  let isQueued = false;
  /** A page that was left may come back, but what it posts need not be answered. */
  let hasLeft = false;
  let underWay: Promise<unknown> | undefined;

  const tell = (why: unknown) => {
    if (isOpen && options.debug) warn("not by express:", why);
  };
  const close = (why?: unknown) => {
    if (why) tell(why);
    isOpen = false;
  };

  const post = async (body: string, carried: readonly Held[]) => {
    try {
      const init = { method: "POST", body, keepalive: true };
      const answer = await request(url, init);
      const { stored: places } = (await answer.json()) as { stored: number[] };
      for (const place of places) stored(carried[place]!);
      if (places.length >= carried.length) return;
    } catch {
      // A navigation makes requests fail that arrive: what follows goes as the page is left.
    }
    isFailing = true;
    for (const { call } of carried) call!.posted = call!.stored;
    tell("the answer");
  };

  const send = () => {
    if (!isOpen || (isFailing && !hasLeft)) return;
    try {
      const all = held();
      if (all.some(({ steers }) => steers)) return close("plugins");
      // Calls that change the identity go again, for those that follow them.
      const carried = all.filter(
        ({ call }) =>
          call?.seen && !call.dropped && !(call.posted && isEventOnly(call)),
      );
      const calls = carried.map(({ call }) => call as HeldCall);
      if (calls.every(({ posted }) => posted)) return;
      const { writeKey } = settings;
      // An earlier page left calls that may change the identity.
      if (isFirst && hasOtherSpills(writeKey)) return close("earlier calls");
      const { integrations } = options;
      const identity = storedIdentity(options);
      if (!identity) return close("context");
      isFirst = false;
      let { length } = calls;
      let part: HeldCall[];
      let body: string;
      do {
        part = calls.slice(0, length);
        body = snapshot({
          writeKey,
          sentAtMs: +new Date(),
          settings: { ...deviceFacts(), integrations },
          ...identity,
          calls: part.map(({ nowMs, text, page }) => [nowMs, text, page]),
        });
        length >>= 1;
      } while (body.length > EXPRESS_BODY_MAX_CHARS && part.length > 0);
      if (part.every(({ posted }) => posted)) return close("size");
      for (const call of part) call.posted = true;
      if (hasLeft) navigator.sendBeacon(url, body);
      else
        underWay = Promise.all([
          underWay,
          post(body, carried.slice(0, part.length)),
        ]);
      if (part.length < calls.length) send();
    } catch (error) {
      close(error);
    }
  };

  closeOther?.("another client");
  if (isOpen) {
    const why = closeOther
      ? "another client"
      : isSimulated() || obstacle(settings, options);
    if (why) close(why);
  }
  closeOther ??= close;
  return {
    queue() {
      // No task of a page that is left may follow.
      if (hasLeft) send();
      if (isQueued) return;
      isQueued = true;
      void inMicrotask(() => {
        isQueued = false;
        send();
      });
    },
    leave() {
      hasLeft = true;
      send();
    },
    settled: () => underWay && within(underWay, EXPRESS_WAIT_MAX_MS),
    close,
  };
}
