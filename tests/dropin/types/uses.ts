// Code typed against every exported type and every method of `@segment/analytics-next`. It is
// compiled against that package and against `waymark` in its place, and never run.
import {
  Analytics,
  AnalyticsBrowser,
  Context,
  ContextCancelation,
  Group,
  User,
} from "@segment/analytics-next";
import type {
  AnalyticsBrowserSettings,
  AnalyticsSettings,
  AnalyticsSnippet,
  Callback,
  CancelationOptions,
  CDNSettings,
  ContextFailedDelivery,
  EventProperties,
  GroupTraits,
  ID,
  InitOptions,
  InternalDestinationPluginWithAddMiddleware,
  InternalPluginWithAddMiddleware,
  JSONArray,
  JSONObject,
  JSONPrimitive,
  JSONValue,
  MiddlewareFunction,
  Options,
  Plan,
  PlanEvent,
  Plugin,
  RemoteIntegrationSettings,
  SegmentEvent,
  SerializedContext,
  StorageObject,
  Store,
  TrackPlan,
  Traits,
  UserOptions,
  UserTraits,
  WithId,
} from "@segment/analytics-next";

// --- what is written down as types of the page's own

export const primitive: JSONPrimitive = null;
export const list: JSONArray = [1, "a", [true], { deep: null }];
export const bag: JSONObject = { list, primitive };
export const value: JSONValue = bag;
export const properties: EventProperties = { price: 1, at: new Date(), bag };
export const userTraits: UserTraits = {
  address: { city: "Berlin", street: undefined },
  birthday: new Date(),
  company: { employee_count: 3, name: undefined },
  email: "a@b.example",
  phone: 5,
  own: { any: "thing" },
};
export const groupTraits: GroupTraits = { employees: "12", plan: null, own: 1 };
export const traits: Traits[] = [userTraits, groupTraits];
export const planEvent: PlanEvent = {
  enabled: true,
  integrations: { Own: false },
};
export const trackPlan: TrackPlan = {
  __default: { enabled: true, integrations: undefined },
  "Order Completed": planEvent,
};
export const plan: Plan = { track: trackPlan, identify: undefined };
export const remote: RemoteIntegrationSettings = {
  bundlingStatus: "bundled",
  consentSettings: { categories: ["Advertising"] },
  own: 1,
  versionSettings: { componentTypes: ["browser"], version: "1" },
};
export const cdnSettings: CDNSettings = {
  autoInstrumentationSettings: { sampleRate: 0 },
  consentSettings: { allCategories: [], hasUnmappedDestinations: false },
  edgeFunction: {},
  integrations: {
    "Segment.io": { apiKey: "k", apiHost: "api.example/v1", httpConfig: {} },
    Own: remote,
  },
  legacyVideoPluginsEnabled: false,
  metrics: { host: "api.example/v1", sampleRate: 0, flushTimer: 1 },
  middlewareSettings: { routingRules: [] },
  plan,
  remotePlugins: [],
};
export const callOptions: Options = {
  anonymousId: "a",
  context: {
    active: false,
    campaign: { name: "n", source: "s", medium: "m", own: "x" },
    ip: "127.0.0.1",
    library: { name: "n", version: "1" },
    own: { any: 1 },
    page: { url: "https://shop.example/", title: undefined },
  },
  integrations: { All: false, Own: { any: 1 }, Other: true },
  messageId: "m",
  own: 1,
  timestamp: new Date(),
  traits: userTraits,
  userId: "u",
};
export const event: SegmentEvent = {
  anonymousId: null,
  context: { referrer: { id: "i", type: "t" }, userAgentData: {} },
  event: "Order Completed",
  integrations: { All: true },
  properties,
  timestamp: "2026-01-01T00:00:00Z",
  type: "track",
  userId: undefined,
};
export const id: ID = null;
export const userOptions: UserOptions = {
  cookie: { key: "k", oldKey: "o" },
  localStorage: { key: "k" },
  persist: true,
  storage: { stores: ["cookie", "memory"] },
};
export const settings: AnalyticsBrowserSettings = {
  cdnSettings,
  cdnURL: "https://cdn.example",
  classicIntegrations: [],
  plugins: [],
  writeKey: "k",
};
export const instanceSettings: AnalyticsSettings = { writeKey: "k" };
export const initOptions: InitOptions = {
  cookie: {
    domain: "shop.example",
    maxage: 30,
    path: "/",
    sameSite: "Lax",
    secure: true,
  },
  disable: async (cdn) => cdn.legacyVideoPluginsEnabled === true,
  disableAutoISOConversion: true,
  disableClientPersistence: true,
  globalAnalyticsKey: "analytics",
  group: userOptions,
  highEntropyValuesClientHints: ["architecture", "fullVersionList"],
  initialPageview: true,
  integrations: {
    All: true,
    Own: { any: 1 },
    "Segment.io": {
      apiHost: "api.example/v1",
      deliveryStrategy: {
        strategy: "batching",
        config: { size: 10, timeout: 5000, maxRetries: 3, priority: "high" },
      },
      httpConfig: {
        backoffConfig: {
          default5xxBehavior: "drop",
          statusCodeOverrides: { "501": "retry" },
        },
        rateLimitConfig: { maxRetryCount: 1 },
      },
      protocol: "https",
    },
  },
  obfuscate: false,
  plan,
  retryQueue: false,
  storage: { stores: ["localStorage", "cookie", "memory"] },
  updateCDNSettings: (cdn) => ({ ...cdn, plan }),
  useQueryString: { aid: /^a/, uid: /^u/ },
  user: userOptions,
};
export const standardOptions: InitOptions = {
  disable: false,
  integrations: {
    "Segment.io": {
      deliveryStrategy: {
        strategy: "standard",
        config: {
          credentials: "include",
          headers: () => ({ "x-own": "1" }),
          keepalive: true,
        },
      },
    },
  },
  useQueryString: false,
};
export const withoutSegment: InitOptions = {
  integrations: { All: false, "Segment.io": false },
};

// --- stores

interface Kept extends StorageObject {
  count: number;
}

export class Shelf<
  Data extends StorageObject = StorageObject,
> implements Store<Data> {
  #kept: Partial<Data> = {};
  get<K extends keyof Data>(key: K): Data[K] | null {
    return this.#kept[key] ?? null;
  }
  set<K extends keyof Data>(key: K, kept: Data[K] | null): void {
    if (kept !== null) this.#kept[key] = kept;
  }
  remove<K extends keyof Data>(key: K): void {
    delete this.#kept[key];
  }
}

export function countOf(store: Store<Kept>): number {
  return store.get("count") ?? 0;
}

// --- contexts, callbacks, plugins, middleware

export function look(ctx: Context): SerializedContext {
  const { attempts, event } = ctx;
  const amount: unknown = event.properties?.amount;
  const url: string | undefined = event.context?.page?.url;
  ctx.log("debug", `${ctx.id} ${attempts} ${url}`, { amount });
  ctx.logger.log("info", "read");
  ctx.stats.increment("own", 1, ["tag"]);
  ctx.stats.gauge("own", 1);
  const changed: SegmentEvent = ctx.updateEvent("properties.own", 1);
  const failed: ContextFailedDelivery | undefined = ctx.failedDelivery();
  ctx.setFailedDelivery({ reason: failed?.reason });
  const levels: string[] = ctx
    .logs()
    .map(({ level, message }) => level + message);
  if (changed.event === levels[0] && !ctx.isSame(new Context(event, "own"))) {
    const why: CancelationOptions = { retry: false, type: "t", reason: "r" };
    ctx.cancel(new ContextCancelation(why));
  }
  ctx.flush();
  return ctx.toJSON();
}

export const system: Context = Context.system();
export const plainCallback: Callback = (ctx) => ctx.event.messageId;
export const ownCallback: Callback<Context> = async (ctx) => {
  look(ctx);
};

export const enrichment: Plugin = {
  alternativeNames: ["other"],
  alias: (ctx) => ctx,
  group: async (ctx) => ctx,
  identify: (ctx) => ctx,
  isLoaded: () => true,
  load: async (_ctx: Context, analytics: Analytics) => analytics.user().id(),
  name: "own",
  page: (ctx) => {
    ctx.event.properties = { ...ctx.event.properties, own: 1 };
    return ctx;
  },
  ready: () => Promise.resolve(),
  screen: (ctx) => ctx,
  track: async (ctx) => {
    ctx.updateEvent("context.own", true);
    return ctx;
  },
  type: "enrichment",
  unload: () => {},
  version: "1.0.0",
};

export class Destination implements InternalDestinationPluginWithAddMiddleware {
  name = "Own";
  type = "destination" as const;
  addMiddleware: InternalPluginWithAddMiddleware["addMiddleware"] = (...all) =>
    all.forEach((middleware) => void middleware);
  isLoaded = () => true;
  load = async () => {};
}

export const middleware: MiddlewareFunction = async ({
  integrations,
  next,
  payload,
}) => {
  const { obj } = payload;
  obj.properties = { ...obj.properties, own: 1 };
  if (payload.type() === "track" && integrations?.Own === false) next(null);
  payload.obj.integrations = { ...obj.integrations, Own: false };
  next(payload);
};

// --- people

export function readPerson(user: User, group: Group): WithId[] {
  const ids: ID[] = [user.id(), user.id("u"), user.id(null), group.id("g")];
  const anonymous: ID = user.anonymousId("a");
  const known: Traits | undefined = user.traits();
  user.traits({ ...known, ids, anonymous });
  user.traits(null);
  user.identify("u", { plan: "pro" });
  user.identify();
  group.traits({ plan: null });
  group.anonymousId();
  user.logout();
  user.reset();
  const again: User = user.load();
  const kept: boolean = user.save();
  const persists: boolean | undefined = again.options.persist;
  return kept || persists ? [user, group] : [];
}

// --- the client that is loaded

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

// --- the client that a page holds

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
  await analytics.finally(() => {});
  const { track, identify } = analytics;
  await track("E").then((done) => look(done));
  await identify("u");
  look(await tracked);
}

// --- types that code makes of these

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
