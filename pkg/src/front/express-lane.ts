/**
 * The express lane: what a page holds is sent while client and core are on their way. A gateway gets
 * the calls as they are, and makes their events by the core's own rules; Segment gets the events of
 * plain calls. What has been stored is not sent again; everything else goes the regular way, with
 * the same ids.
 */
import { snapshot } from "../base/snapshot";
import { inMicrotask, ofDocument, warn, within } from "../base/platform";
import { EXPRESS_BODY_MAX_CHARS, EXPRESS_WAIT_MAX_MS } from "../base/limits";
import { randomId } from "../base/random-id";
import { type HeldCall, isEventOnly } from "../call/call";
import { anonymousIdOf, storedAnonymousId } from "../call/early-identity";
import { baseUrl } from "../core/address";
import { request } from "../core/request";
import { segmentOfLoad, sendsToSegment } from "../core/segment-settings";
import { hasOtherSpills } from "../journal/spill";
import type { SegmentioSettings } from "../model/delivery";
import type { Asker } from "../model/extension";
import type { AnalyticsBrowserSettings, InitOptions } from "../model/load";
import { deviceFacts } from "../page/device";
import { pageQuery } from "../page/page-query";
import { isSimulated } from "../page/simulated";
import type { Held } from "./held";
import { batchOf, plainEvents, type StoredIdentity } from "./plain-events";

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

/** What a gateway, or Segment, answers. */
interface Reply {
  /** The places of the calls that a gateway has stored. */
  stored: number[];
  success: unknown;
  /** A gateway that is used as Segment is says which events it turned away. */
  rejected?: unknown[];
}

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

/** What keeps a page's calls off the lane, if anything does. */
function obstacle(
  settings: AnalyticsBrowserSettings,
  options: InitOptions,
  segment: SegmentioSettings,
): string | undefined {
  const { gateway, globalAnalyticsKey = "analytics" } = options;
  // A gateway has an address of its own.
  if (!baseUrl(segment) || (gateway && !segment.apiHost)) return "apiHost";
  if (!sendsToSegment(options)) return "integrations";
  const stub = (globalThis as Record<string, unknown>)[globalAnalyticsKey];
  const all = { ...settings, ...options, ...segment };
  const [odd] = ODD_NAMES.exec(Object.keys(all).join()) ?? [];
  return odd ?? (Array.isArray(stub) ? "snippet" : pageQuery());
}

/**
 * The identity as the stores have it, once `draw` has seen to an anonymous id; undefined where only
 * the core can tell what goes with it.
 */
function storedIdentity(draw?: () => void): StoredIdentity | undefined {
  const all = ofDocument("cookie");
  if (ODD_SEARCH.test(location.search) || ODD_COOKIE.test(all))
    return undefined;
  const cookies = all.replace(/(^|; )(?!ajs_|_sio=)[^;]*/g, "");
  if (!/_sio=/.test(cookies)) draw?.();
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
  asker: Asker & { readonly options: InitOptions },
  held: () => readonly Held[],
  stored: (held: Held) => void,
): ExpressLane {
  const { options } = asker;
  const { gateway, integrations } = options;
  const segment = segmentOfLoad(settings, options);
  const url = `${baseUrl(segment)}/${gateway ? "calls" : "b"}`;
  let isOpen = options.express !== false && typeof location !== "undefined";
  let isFirst = true;
  let isFailing = false;
  let isQueued = false;
  /** A page that was left may come back, but what it posts need not be answered. */
  let hasLeft = false;
  let underWay: Promise<unknown> | undefined;

  const tell = (why: unknown) => {
    const isAsked = gateway || options.express;
    if (isOpen && isAsked && options.debug) warn("not by express:", why);
  };
  const close = (why?: unknown) => {
    if (why) tell(why);
    isOpen = false;
  };

  const post = async (body: string, carried: readonly Held[]) => {
    try {
      const init = { method: "POST", body, keepalive: true };
      const answer = await request(url, init);
      const said = (await answer.json()) as Partial<Reply>;
      const isTaken =
        !gateway &&
        answer.ok &&
        !answer.redirected &&
        said.success &&
        !said.rejected?.length;
      const places = isTaken ? carried.map((_, at) => at) : said.stored!;
      for (const place of places) stored(carried[place]!);
      if (places.length >= carried.length) return;
    } catch {
      // A navigation makes requests fail that arrive: what follows goes as the page is left.
    }
    isFailing = true;
    for (const { call } of carried) call!.posted = call!.stored;
    tell("the answer");
  };

  let drawn = "";
  /** The client takes over the id that is drawn here, and so does the next page. */
  const anonymousId = () => {
    const id = anonymousIdOf(asker, (drawn ||= randomId()));
    // The client would draw another one.
    if (!asker.analytics && storedAnonymousId() !== id) throw "storage";
    return id;
  };

  /** As many of the calls as one request takes, and its body. */
  const packed = (calls: readonly HeldCall[], identity: StoredIdentity) => {
    const { writeKey } = settings;
    const events = gateway
      ? undefined
      : plainEvents(calls, writeKey, integrations, identity, anonymousId);
    let { length } = events ?? calls;
    for (;;) {
      const part = calls.slice(0, length);
      const body = events
        ? batchOf(writeKey, events.slice(0, length))
        : snapshot({
            writeKey,
            sentAtMs: +new Date(),
            settings: { ...deviceFacts(), integrations },
            ...identity,
            calls: part.map(({ nowMs, text, page }) => [nowMs, text, page]),
          });
      if (body.length <= EXPRESS_BODY_MAX_CHARS || !length)
        return { part, body };
      length >>= 1;
    }
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
      const identity = storedIdentity(gateway ? anonymousId : undefined);
      if (!identity) return close("context");
      isFirst = false;
      const { part, body } = packed(calls, identity);
      if (part.every(({ posted }) => posted)) return close("calls");
      // Segment gets no event that was posted before; its fate is the earlier request's.
      const posted = carried
        .slice(0, part.length)
        .filter(({ call }) => gateway || !call!.posted);
      for (const call of part) call.posted = true;
      if (hasLeft) navigator.sendBeacon(url, body);
      else underWay = Promise.all([underWay, post(body, posted)]);
      // The client's batches are larger than the events that outlive a page.
      if (part.length < calls.length && (gateway || hasLeft)) send();
    } catch (error) {
      close(error);
    }
  };

  closeOther?.("another client");
  if (isOpen) {
    const why = closeOther
      ? "another client"
      : isSimulated() || obstacle(settings, options, segment);
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
      // Should the page come back, another one may have left calls meanwhile.
      isFirst = true;
    },
    settled: () => underWay && within(underWay, EXPRESS_WAIT_MAX_MS),
    close,
  };
}
