/** What requests to the store API say that Medusa emits no event for. */
import type { EventType, Properties, SegmentEvent } from "../mapping/event";
import { isoOf, present } from "../mapping/event";
import { anonymousIdOf, idOf, type Ids } from "../mapping/visitor";
import { orderMessageId } from "../message-id";
import { ANONYMOUS_ID_HEADER } from "../storefront";

/** A request that was answered. */
export interface Answered {
  method: string;
  /** The path with its parameters filled in, without the query. */
  path: string;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** The JSON of the answer. */
  answer: Record<string, any>;
  headers: Record<string, string | string[] | undefined>;
  /** The customer that is logged in. */
  customerId?: string | undefined;
  ip?: string | undefined;
}

/** The anonymous id that a browser sends along: the header, else the SDK's cookie. */
function visitorOf(headers: Answered["headers"]): string | undefined {
  const told = idOf(headers[ANONYMOUS_ID_HEADER]);
  if (told) return told;
  const cookies = String(headers.cookie ?? "").split(/; */);
  const cookie = cookies.find((one) => one.startsWith("ajs_anonymous_id="));
  try {
    return idOf(decodeURIComponent(cookie?.split("=")[1] ?? ""));
  } catch {
    return undefined;
  }
}

/** The customer in a token that Medusa has just made; its signature is Medusa's own. */
function customerIn(token: unknown): string | undefined {
  if (typeof token !== "string") return undefined;
  try {
    const [, payload = ""] = token.split(".");
    const text = Buffer.from(payload, "base64url").toString();
    const said = JSON.parse(text) as Record<string, unknown>;
    return said.actor_type === "customer" ? idOf(said.actor_id) : undefined;
  } catch {
    return undefined;
  }
}

/** An event of a request: its name, its properties, and the ids that make it count once. */
interface Said {
  event: string;
  properties: Properties;
  once?: readonly string[];
  userId?: string | undefined;
  /** The cart's own owner, where a request names none. */
  owner?: Ids;
}

/** A text that says something. */
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

function viewed({ answer }: Answered): Said | undefined {
  const product = answer.product as Record<string, any> | undefined;
  if (!product?.id) return undefined;
  const [variant] = (product.variants ?? []) as Record<string, any>[];
  const price = variant?.calculated_price as Record<string, any> | undefined;
  return {
    event: "Product Viewed",
    properties: present({
      product_id: product.id,
      name: product.title,
      category: product.type?.value ?? product.collection?.title,
      price: price?.calculated_amount,
      currency: text(price?.currency_code)?.toUpperCase(),
      image_url: product.thumbnail,
    }),
  };
}

function searched({ query }: Answered): Said | undefined {
  const searchedFor = text(query.q);
  return searchedFor === undefined
    ? undefined
    : { event: "Products Searched", properties: { query: searchedFor } };
}

function loggedIn({ answer }: Answered): Said | undefined {
  const userId = customerIn(answer.token);
  return userId ? { event: "Signed In", properties: {}, userId } : undefined;
}

/** A step of the checkout: the address, the shipping method, the payment. */
function checkout(
  event: string,
  { answer }: Answered,
  step: Properties & { step?: number } = {},
): Said | undefined {
  const cart = answer.cart as Record<string, any> | undefined;
  if (!cart?.id) return undefined;
  const number = step.step === undefined ? [] : [String(step.step)];
  const anonymousId = anonymousIdOf(cart);
  return {
    event,
    properties: present({
      checkout_id: cart.id,
      currency: text(cart.currency_code)?.toUpperCase(),
      ...step,
    }),
    once: [String(cart.id), ...number],
    owner: {
      ...(cart.customer_id && { userId: String(cart.customer_id) }),
      ...(anonymousId && { anonymousId }),
    },
  };
}

function started(answered: Answered): Said[] {
  const { body, answer } = answered;
  if (!body.shipping_address && !body.email) return [];
  const said = checkout("Checkout Started", answered, {
    value: answer.cart?.total,
  });
  return said ? [said] : [];
}

function shipped(answered: Answered): Said[] {
  const said = checkout("Checkout Step Completed", answered, {
    step: 2,
    shipping_method: text(answered.body.option_id),
  });
  return said ? [said] : [];
}

function paid({ body, path, answer }: Answered): Said[] {
  const id = /payment-collections\/([^/]+)/.exec(path)?.[1];
  if (!id || !answer.payment_collection) return [];
  const provider = text(body.provider_id);
  return [
    {
      event: "Payment Info Entered",
      properties: present({ step: 3, payment_method: provider }),
      once: [id, provider ?? ""],
    },
  ];
}

const one = (said: Said | undefined): Said[] => (said ? [said] : []);

/** The routes, and what an answer of each says. */
export const ROUTES: readonly {
  method: "GET" | "POST";
  matcher: string;
  pattern: RegExp;
  read: (answered: Answered) => Said[];
}[] = [
  {
    method: "GET",
    matcher: "/store/products",
    pattern: /^\/store\/products$/,
    read: (answered) => one(searched(answered)),
  },
  {
    method: "GET",
    matcher: "/store/products/:id",
    pattern: /^\/store\/products\/[^/]+$/,
    read: (answered) => one(viewed(answered)),
  },
  {
    method: "POST",
    matcher: "/auth/customer/:provider",
    pattern: /^\/auth\/customer\/[^/]+$/,
    read: (answered) => one(loggedIn(answered)),
  },
  {
    method: "POST",
    matcher: "/auth/customer/:provider/callback",
    pattern: /^\/auth\/customer\/[^/]+\/callback$/,
    read: (answered) => one(loggedIn(answered)),
  },
  {
    method: "POST",
    matcher: "/store/carts/:id",
    pattern: /^\/store\/carts\/[^/]+$/,
    read: started,
  },
  {
    method: "POST",
    matcher: "/store/carts/:id/shipping-methods",
    pattern: /^\/store\/carts\/[^/]+\/shipping-methods$/,
    read: shipped,
  },
  {
    method: "POST",
    matcher: "/store/payment-collections/:id/payment-sessions",
    pattern: /^\/store\/payment-collections\/[^/]+\/payment-sessions$/,
    read: paid,
  },
];

/**
 * The events of a request. One that names neither a customer nor a visitor makes none: it may be a
 * crawler's, or the storefront's own server filling its cache.
 */
export function eventsOf(
  answered: Answered,
  random: () => string,
): SegmentEvent[] {
  const route = ROUTES.find(
    ({ method, pattern }) =>
      method === answered.method && pattern.test(answered.path),
  );
  const anonymousId = visitorOf(answered.headers);
  const type: EventType = "track";
  return (route?.read(answered) ?? [])
    .map(({ event, properties, once, userId, owner }) => {
      const user = userId ?? answered.customerId;
      const userAgent = answered.headers["user-agent"];
      return {
        type,
        event,
        messageId: once ? orderMessageId(event, ...once) : random(),
        timestamp: isoOf(undefined),
        ...owner,
        ...(anonymousId && { anonymousId }),
        ...(user && { userId: user }),
        properties,
        context: present({ ip: answered.ip, userAgent }),
      };
    })
    .filter(
      (event: SegmentEvent) =>
        event.userId !== undefined || event.anonymousId !== undefined,
    );
}
