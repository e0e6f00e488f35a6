/**
 * Makes events from resolved arguments, for plugins and tests that need an event without recording
 * it (contract, §c.3). The client itself leaves this to the core.
 */
import { setPath } from "../base/set-path";
import { isPlainObject } from "../call/call";
import { readPage } from "../page/page";
import { randomId } from "../base/random-id";
import type {
  EventProperties,
  IntegrationsOptions,
  Options,
  SegmentEvent,
  Traits,
} from "../model/event";
import type { ID } from "../model/storage";
import type { User } from "../client/user";

/** The page of an event's context. */
export interface PageContext {
  path: string;
  referrer: string;
  search: string;
  title: string;
  url: string;
}

/** Options that are members of the event; others are members of its context. */
const MEMBERS = ["anonymousId", "messageId", "timestamp", "userId"];

type Bag = Record<string, any>;

function readPageContext(): PageContext {
  const page = readPage();
  const [href, pathname, search, title, referrer, canonical, path] = page;
  const bare = href.replace(/#.*$/, "");
  const shared = canonical.includes("?") ? canonical : canonical + search;
  return {
    path: path || pathname,
    referrer,
    search,
    title,
    url: canonical ? shared : bare,
  };
}

/** Refuses the events that Segment's client refuses. */
function check({
  event,
  messageId,
  properties,
  traits,
  type,
}: SegmentEvent): void {
  const refuse = (what: string): never => {
    throw new Error(what);
  };
  if (typeof messageId !== "string") refuse(".messageId is not a string");
  if (type === "track") {
    if (typeof event !== "string") refuse(".event is not a string");
    if (!isPlainObject(properties)) refuse(".properties is not an object");
  }
  const hasTraits = type === "identify" || type === "group";
  if (hasTraits && !isPlainObject(traits)) refuse(".traits is not an object");
}

/** Adds the page to the context, and to a page view's properties, which take precedence. */
function addPage(event: SegmentEvent, page: PageContext): void {
  const context = event.context as Bag;
  let said: Bag = {};
  if (event.type === "page") {
    const { name, properties = {} } = event;
    const known = Object.keys(page).filter((key) => key in properties);
    said = Object.fromEntries(known.map((key) => [key, properties[key]]));
    event.properties = { ...page, ...properties, ...(name && { name }) };
  }
  context.page = { ...page, ...said, ...context.page };
}

/** Makes a visitor's events. */
export class EventFactory {
  /** The visitor. */
  user: User;

  constructor(user: User) {
    this.user = user;
  }

  /** Makes a `track` event. */
  track(
    event: string,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = {
      event,
      properties: properties ?? {},
      type: "track",
    } as const;
    return this.#event(made, options, integrations, page);
  }

  /** Makes a page view. */
  page(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = {
      properties: { ...properties },
      type: "page",
    } as SegmentEvent;
    if (category !== null) {
      made.category = category;
      made.properties = { ...made.properties, category };
    }
    if (name !== null) made.name = name;
    return this.#event(made, options, integrations, page);
  }

  /** Makes a screen view. */
  screen(
    category: string | null,
    name: string | null,
    properties?: EventProperties,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = {
      properties: { ...properties },
      type: "screen",
    } as SegmentEvent;
    if (category !== null) made.category = category;
    if (name !== null) made.name = name;
    return this.#event(made, options, integrations, page);
  }

  /** Makes an `identify` event. */
  identify(
    userId: ID,
    traits?: Traits,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = { traits: traits ?? {}, type: "identify", userId } as const;
    return this.#event(made, options, integrations, page);
  }

  /** Makes a `group` event. */
  group(
    groupId: ID,
    traits?: Traits,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = { groupId, traits: traits ?? {}, type: "group" } as const;
    return this.#event(made, options, integrations, page);
  }

  /** Makes an `alias` event: two ids are one visitor. */
  alias(
    to: string,
    from: string | null,
    options?: Options,
    integrations?: IntegrationsOptions,
    page?: PageContext,
  ): SegmentEvent {
    const made = { type: "alias", userId: to } as SegmentEvent;
    if (from !== null) made.previousId = from;
    return this.#event(made, options, integrations, page);
  }

  #event(
    made: SegmentEvent,
    given: Options = {},
    integrations: IntegrationsOptions = {},
    page: PageContext = readPageContext(),
  ): SegmentEvent {
    if (given.anonymousId) this.user.anonymousId(given.anonymousId);
    const context: Bag = { ...given.context };
    const members: Bag = {};
    for (const [key, value] of Object.entries(given)) {
      if (value === undefined) continue;
      if (key === "integrations" || key === "context") continue;
      setPath(MEMBERS.indexOf(key) >= 0 ? members : context, key, value);
    }
    const offered = Object.entries(integrations);
    const event: SegmentEvent = {
      timestamp: new Date(),
      ...made,
      context,
      integrations: {
        ...Object.fromEntries(offered.map(([name, on]) => [name, Boolean(on)])),
        ...given.integrations,
      },
      ...members,
      messageId: given.messageId || `ajs-next-${Date.now()}-${randomId()}`,
    };
    const [userId, anonymousId] = [this.user.id(), this.user.anonymousId()];
    if (userId) event.userId = userId;
    if (anonymousId) event.anonymousId = anonymousId;
    check(event);
    addPage(event, page);
    return event;
  }
}
