import { type PageFacts, readPage, redactUrl } from "../page/page";
import { type Rule, type Tracker, record, watcher } from "./watcher";

/** The list that products are shown in: what its event says beside them. */
export interface ListFacts {
  /** The list's own id. */
  listId: string;
  /** The category that is listed. */
  category?: string | undefined;
  /** The event's name: `Product List Viewed` by default. */
  event?: string | undefined;
  /** More properties of the event. */
  properties?: object | undefined;
}

/** A product as the event has it. */
export interface ListedProduct {
  product_id: string;
  /** Its place in the list, from 1: by default the next one, in the order they are added. */
  position?: number | undefined;
  [property: string]: unknown;
}

/** A list that is observed. */
export interface ObservedList {
  /** Observes the tile of a product; returns what ends that. */
  add(element: Element, product: ListedProduct): () => void;
  /** Ends all of it: what was seen and not told yet is recorded now. */
  unobserve(): void;
}

/**
 * Folds what is seen of a list's products into few events: the products seen within a second
 * are one `Product List Viewed`, in the order they were seen, each with its position. A product
 * counts once in a page view, however many tiles it has. The defaults of `rule` are those of
 * `observe`.
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

/** The page of a list, for an event that is made when a single-page app has gone on. */
function pageOption(facts: PageFacts): object | undefined {
  const [address = ""] = facts[0].split("#");
  if (address === location.href.split("#")[0]) return undefined;
  const url = redactUrl(address);
  const [, path, search, title, referrer] = facts.map(redactUrl);
  return { context: { page: { path, referrer, search, title, url } } };
}
