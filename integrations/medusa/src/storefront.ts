/** For the storefront: the visitor's anonymous id, which a cart takes along to its order. */

/** The key of the visitor's anonymous id in the metadata of a cart, an order or a customer. */
export const ANONYMOUS_ID_KEY = "waymark_anonymous_id";

/** The header by which requests to the store API may say who the visitor is. */
export const ANONYMOUS_ID_HEADER = "x-anonymous-id";

/** The client of a page: `waymark`'s, or Segment's. */
export interface PageClient {
  user(): unknown;
}

/** The page's anonymous id; `undefined` if there is none, as before consent. */
export async function anonymousIdOf(
  client: PageClient,
): Promise<string | undefined> {
  try {
    const user = (await client.user()) as {
      anonymousId?: () => string | null | undefined;
    };
    return user.anonymousId?.() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The metadata of a cart or a customer with the page's anonymous id, so that what Medusa tells of
 * it belongs to the page's visitor. Without an id it is the metadata as it was.
 *
 * `sdk.store.cart.create({ metadata: await visitorMetadata(analytics) })`
 */
export async function visitorMetadata(
  client: PageClient,
  metadata?: Record<string, unknown> | null,
): Promise<Record<string, unknown>> {
  const anonymousId = await anonymousIdOf(client);
  return {
    ...metadata,
    ...(anonymousId && { [ANONYMOUS_ID_KEY]: anonymousId }),
  };
}
