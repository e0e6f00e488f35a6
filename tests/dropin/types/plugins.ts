// Stores, contexts, plugins, middleware and profiles.
import { Context, ContextCancelation } from "@segment/analytics-next";
import type {
  Analytics,
  Callback,
  CancelationOptions,
  ContextFailedDelivery,
  Group,
  ID,
  InternalDestinationPluginWithAddMiddleware,
  InternalPluginWithAddMiddleware,
  MiddlewareFunction,
  Plugin,
  SegmentEvent,
  SerializedContext,
  StorageObject,
  Store,
  Traits,
  User,
  WithId,
} from "@segment/analytics-next";
import { event } from "./values";

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
