// The other exports, and clients that are made without `load`.
import {
  Analytics,
  AnalyticsNode,
  EventFactory,
  getGlobalAnalytics,
  isDestinationPluginWithAddMiddleware,
  NullAnalytics,
  resolveAliasArguments,
  resolveArguments,
  resolvePageArguments,
  resolveUserArguments,
  segmentio,
  UniversalStorage,
} from "@segment/analytics-next";
import type {
  Callback,
  Context,
  EventProperties,
  ID,
  Options,
  Plugin,
  SegmentEvent,
  User,
  UserTraits,
} from "@segment/analytics-next";
import { Shelf } from "./plugins";
import { callOptions, instanceSettings, initOptions } from "./values";

export function resolve(user: User): unknown[] {
  const tracked: [
    string,
    EventProperties | Callback,
    Options,
    Callback | undefined,
  ] = resolveArguments("E", { own: 1 }, () => {});
  const paged: [
    string | null,
    string | null,
    EventProperties,
    Options,
    Callback | undefined,
  ] = resolvePageArguments("C", "N", null, callOptions);
  const read = resolveUserArguments<UserTraits, User>(user);
  const identified: [ID, UserTraits, Options, Callback | undefined] = read(
    "u",
    null,
  );
  const aliased: [string, string | null, Options, Callback | undefined] =
    resolveAliasArguments(1, "from");
  return [tracked, paged, identified, aliased];
}

export function make(user: User): SegmentEvent[] {
  const factory = new EventFactory(user);
  return [
    factory.track("E", { own: 1 }, callOptions, { All: true }),
    factory.page("C", null),
    factory.screen(null, "N"),
    factory.identify(factory.user.id(), { plan: "pro" }),
    factory.group("g"),
    factory.alias("to", null),
  ];
}

interface Kept extends Record<string, unknown> {
  count: number;
}

export function keep(): number | null {
  const storage = new UniversalStorage<Kept>([new Shelf()]);
  storage.set("count", 1);
  storage.clear("count");
  return storage.getAndSync("count") ?? storage.get("count");
}

export async function clients(plugin: Plugin): Promise<Context[]> {
  const silent: Analytics = new NullAnalytics();
  const bare = new Analytics(instanceSettings, initOptions);
  await bare.register(segmentio(bare, { apiKey: "k" }, undefined));
  if (isDestinationPluginWithAddMiddleware(plugin)) plugin.addMiddleware();
  const [, ctx]: [Analytics, Context] = await AnalyticsNode.load({
    writeKey: "k",
  });
  const found: ID = getGlobalAnalytics()?.user().id();
  return [ctx, await silent.track("E", { found })];
}
