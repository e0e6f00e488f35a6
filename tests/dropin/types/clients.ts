// Every method of the loaded client and of the one that buffers calls.
import { AnalyticsBrowser } from "@segment/analytics-next";
import type {
  Analytics,
  AnalyticsSnippet,
  Callback,
  Context,
  EventProperties,
  Group,
  ID,
  InitOptions,
  SegmentEvent,
  User,
} from "@segment/analytics-next";
import {
  properties,
  userTraits,
  groupTraits,
  callOptions,
  event,
  settings,
  instanceSettings,
  initOptions,
} from "./values";
import {
  look,
  plainCallback,
  ownCallback,
  enrichment,
  Destination,
  middleware,
  readPerson,
} from "./plugins";

export async function useLoaded(analytics: Analytics): Promise<void> {
  const { initialized, options, queue, settings } = analytics;
  const timeout: number = settings.timeout * 2;
  const key: string = settings.writeKey + (settings.apiHost ?? "");
  const sources: string[] = Object.keys(settings.cdnSettings.integrations);
  const names: string[] = queue.plugins.map(({ name }) => name);
  const failed: string[] = queue.failedInitializations;
  const own = analytics.integrations["Own"];
  const retries: boolean | undefined = options.retryQueue;
  console.log({ failed, initialized, key, names, own, retries, sources });

  const tracked: Context = await analytics.track(
    "E",
    properties,
    callOptions,
    ownCallback,
  );
  await analytics.track("E");
  await analytics.track("E", plainCallback);
  await analytics.track("E", {}, plainCallback);
  await analytics.track(event);
  await analytics.page();
  await analytics.page("C", "N", properties, callOptions, plainCallback);
  await analytics.page(null, null, { own: 1 });
  await analytics.page({ own: 1 }, { integrations: {} });
  await analytics.screen("C", "N", properties, callOptions, plainCallback);
  await analytics.identify("u", userTraits, callOptions, plainCallback);
  await analytics.identify(userTraits);
  await analytics.identify(null, null, callOptions);
  await analytics.group("g", groupTraits, callOptions, plainCallback);
  await analytics.alias("to", "from", callOptions, plainCallback);
  await analytics.alias(1, 2);
  look(tracked);
  readPerson(analytics.user(), analytics.group());

  const registered: Context = await analytics.register(
    enrichment,
    new Destination(),
  );
  await analytics.deregister("own", "Own");
  const same: Analytics = await analytics.addSourceMiddleware(middleware);
  await same.addDestinationMiddleware(
    "Own",
    ({ integration, next, payload }) => {
      if (integration === registered.id) next(null);
      else next(payload);
    },
  );

  const links: Element[] = [...document.querySelectorAll("a")];
  await analytics.trackLink(links, "Clicked", { at: "top" }, callOptions);
  await analytics.trackLink(null, "Clicked");
  await analytics.trackClick({ toArray: () => [] }, (link: Element) => link.id);
  const form = document.querySelector("form");
  await analytics.trackForm(form, "Sent", (it: HTMLFormElement) => ({
    id: it.id,
  }));
  await analytics.trackSubmit(form ? [form] : [], "Sent");

  const anonymousId: ID = analytics.setAnonymousId("a");
  const calls: Context[] = await analytics.queryString("?ajs_uid=u");
  analytics
    .debug(true)
    .on("track", (name: string, props: object) =>
      console.log(name, props, anonymousId, calls),
    );
  analytics.once("page", () => {}).off("page", () => {});
  analytics.emit("own", 1, 2);
  analytics.on("error", ({ code, ctx }: { code: string; ctx?: Context }) =>
    console.log(code, ctx?.event),
  );
  analytics.timeout(timeout);
  await analytics.ready((answers: unknown) => console.log(answers));
  await analytics.ready();
  analytics.use((it: Analytics) => void it.VERSION);
  analytics.reset();
  analytics.push(["track", "E"]);
  await analytics.pageview("/path");
  await analytics.initialize(instanceSettings, initOptions);
  const normal: SegmentEvent = analytics.noConflict().normalize(event);
  const lost: string[] = analytics.failedInitializations;
  console.log(normal, lost, analytics.plugins, analytics.Integrations);
  analytics.storage.set("own", 1);
  const stored: unknown = analytics.storage.get("own");
  analytics.storage.clear("own");
  console.log(stored);
}

export async function useBrowser(): Promise<void> {
  const early = new AnalyticsBrowser();
  const analytics: AnalyticsBrowser = AnalyticsBrowser.load(
    settings,
    initOptions,
  );
  early.load({ writeKey: "k" });
  const later: Promise<Analytics> = AnalyticsBrowser.standalone(
    "k",
    initOptions,
  );
  const [loaded, ctx]: [Analytics, Context] = await analytics;
  const version: string = analytics.VERSION;
  const instance: Analytics | undefined = analytics.instance;
  const seen: Context | undefined = analytics.ctx;
  console.log(loaded === instance, ctx === seen, version, await later);

  const tracked: Promise<Context> = analytics.track(
    "E",
    properties,
    callOptions,
    ownCallback,
  );
  await analytics.track(event, plainCallback);
  await analytics.page("C", "N", properties, callOptions, plainCallback);
  await analytics.screen("N");
  await analytics.identify("u", userTraits, callOptions, plainCallback);
  await analytics.identify({ plan: "pro" }, plainCallback);
  await analytics.group("g", groupTraits);
  await analytics.alias("to", callOptions);
  const group: Group = await analytics.group();
  const user: User = await analytics.user();
  readPerson(user, group);

  const it: Analytics = await analytics.addSourceMiddleware(middleware);
  await analytics.addDestinationMiddleware("*", ({ next, payload }) =>
    next(payload),
  );
  await analytics.register(enrichment);
  await analytics.deregister("own");
  await analytics.trackLink(
    document.querySelectorAll("a")[0] ?? null,
    "Clicked",
  );
  await analytics.trackClick([], "Clicked", { own: 1 });
  await analytics.trackSubmit(
    document.forms[0] ?? null,
    "Sent",
    {},
    callOptions,
  );
  await analytics.pageView("/path");
  const anonymousId: ID = await analytics.setAnonymousId();
  await analytics.reset();
  await analytics.ready(() => console.log(anonymousId, it));
  analytics
    .on("track", (name: string) => console.log(name))
    .once("page", () => {})
    .off("page", () => {})
    .debug(false);
  await analytics
    .then(([client]) => client.user())
    .catch((error: unknown) => console.log(error));
  await analytics.catch(() => null);
  await analytics.catch((error: string) => error.length);
  await analytics.finally(() => {});
  const { track, identify } = analytics;
  await track("E").then((done) => look(done));
  await identify("u");
  look(await tracked);
}

export type TrackArgs = Parameters<AnalyticsBrowser["track"]>;
export type Page = AnalyticsBrowser["page"];
export type Segment = NonNullable<InitOptions["integrations"]>["Segment.io"];
export const own: Pick<AnalyticsBrowser, "track" | "identify"> =
  AnalyticsBrowser.load(settings);

export function track(...args: TrackArgs): Promise<Context> {
  const props: EventProperties | Callback | undefined = args[1];
  return typeof props === "object"
    ? own.track(args[0], { ...props, wrapped: true })
    : own.track(...args);
}

declare global {
  interface Window {
    analytics?: AnalyticsSnippet;
  }
}

export function useSnippet(): void {
  const { analytics } = window;
  analytics?.load("k", initOptions);
  void analytics?.track("E");
  console.log(analytics?._writeKey, analytics?._cdn, analytics?._loadOptions);
}
