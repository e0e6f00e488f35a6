import { formatMoney } from "../catalog/money";
import type { Product } from "../catalog/products";

/** A product's price, with “from” where its variants differ. */
export function Price({ product }: { product: Product }) {
  const prices = product.variants.map(({ price }) => price);
  const least = Math.min(...prices);
  return (
    <span className="price">
      {prices.some((price) => price !== least) && (
        <span className="price-from">from </span>
      )}
      {formatMoney(least)}
    </span>
  );
}
