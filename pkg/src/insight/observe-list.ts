import { type PageFacts, readPage, redactUrl } from "../page/page";
import { type Rule, type Tracker, record, watcher } from "./watcher";

/** A list of products: the facts that its events carry besides the products. */
export interface ListFacts {
  /** The list's own id. */
  listId: string;
  /** The category of the products. */
  category?: string | undefined;
  /** The event's name: `Product List Viewed` by default. */
  event?: string | undefined;
  /** More properties of the event. */
  properties?: object | undefined;
}

/** A product as the event carries it. */
export interface ListedProduct {
  product_id: string;
  /** Its place in the list, from 1. By default it follows the product added before. */
  position?: number | undefined;
  [property: string]: unknown;
}

/** An observed list. */
export interface ObservedList {
  /** Observes the tile of a product. Returns a function that ends it. */
  add(element: Element, product: ListedProduct): () => void;
  /** Stops observing every tile. Products seen but not recorded yet are recorded now. */
  unobserve(): void;
}

/**
 * Records which products of a list were seen, in few events: one `Product List Viewed` holds the
 * products seen within a second, in the order they were seen, each with its position. A product
 * counts once per page view, however many tiles it has. `rule` has the defaults of `observe`.
 */
export function observeList(
  analytics: Tracker,
  list: ListFacts,
  rule: Rule = {},
): ObservedList {
  const { listId, category, event = "Product List Viewed", properties } = list;
  const watching = watcher(analytics);
  const products: ListedProduct[] = [];
  const numbers = new Map<string, number>();
  const ends = new Set<() => void>();
  const page = typeof location === "undefined" ? undefined : readPage();
  const handle = watching.openList((seen) => {
    const told = { list_id: listId, ...(category && { category }) };
    record(analytics, event, () => [
      { ...properties, ...told, products: seen.map((one) => products[one]) },
      page && pageOption(page),
    ]);
  });
  let position = 0;
  return {
    add(element, product) {
      position = product.position ?? position + 1;
      const id = String(product.product_id);
      const number = numbers.get(id) ?? products.length;
      numbers.set(id, number);
      products[number] = { ...product, position };
      const place = { list: handle, product: number };
      const end = watching.watch(element, rule, () => {}, place);
      ends.add(end);
      return () => {
        ends.delete(end);
        end();
      };
    },
    unobserve() {
      ends.forEach((end) => end());
      ends.clear();
      watching.closeList(handle);
    },
  };
}

/** The option that gives an event the list's page, if a single-page app has moved on since. */
function pageOption(facts: PageFacts): object | undefined {
  const [address = ""] = facts[0].split("#");
  if (address === location.href.split("#")[0]) return undefined;
  const url = redactUrl(address);
  const [, path, search, title, referrer] = facts.map(redactUrl);
  return { context: { page: { path, referrer, search, title, url } } };
}
