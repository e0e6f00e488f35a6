/** An event as the text that is kept and posted. */
import { EVENT_BYTES_MAX } from "../limits";
import type { Properties, SegmentEvent } from "../mapping/event";

/** JSON has no big integers: their digits are kept. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === "bigint" ? String(one) : one,
  );

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** What an order counts by, for orders with more lines than an event may have bytes. */
const ESSENTIAL = ["product_id", "sku", "price", "quantity"];

/**
 * The event's text. Of an order that is too large for an event, the products lose all but what
 * counts, and then the last of them go: `products_left_out` says how many.
 *
 * @throws {RangeError} when it is too large even so
 * @throws {TypeError} when it is no JSON
 */
export function bodyOf(event: SegmentEvent): string {
  const whole = textOf(event);
  if (bytesOf(whole) <= EVENT_BYTES_MAX) return whole;
  const products = event.properties?.products;
  if (Array.isArray(products)) {
    const short = (products as Properties[]).map((product) =>
      Object.fromEntries(
        Object.entries(product).filter(([name]) => ESSENTIAL.includes(name)),
      ),
    );
    const withFirst = (count: number): string =>
      textOf({
        ...event,
        properties: {
          ...event.properties,
          products: short.slice(0, count),
          ...(count < short.length && {
            products_left_out: short.length - count,
          }),
        },
      });
    // The most products that fit: the size grows with their number.
    let fits = -1;
    let tooMany = short.length + 1;
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      if (bytesOf(withFirst(middle)) <= EVENT_BYTES_MAX) fits = middle;
      else tooMany = middle;
    }
    if (fits >= 0) return withFirst(fits);
  }
  throw new RangeError(`larger than ${EVENT_BYTES_MAX} bytes`);
}
