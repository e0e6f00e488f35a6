import { Link } from "react-router";
import { productPath, type Product } from "../catalog/products";
import { productClicked } from "../tracking";
import { Price } from "./Price";
import { ProductArt } from "./ProductArt";

/** A product in a list. The whole card is a link. */
export function ProductCard({
  product,
  position,
  list,
  heading: Heading = "h2",
}: {
  product: Product;
  /** Place in the list, from 1. */
  position: number;
  /** The list's id, for analytics. */
  list: string;
  /** One level below the heading above the list. */
  heading?: "h2" | "h3";
}) {
  const choices = product.variants.length;
  return (
    <article className="card">
      <ProductArt product={product} variant={product.variants[0]} />
      <div className="card-text">
        <Heading className="card-name">
          <Link
            to={productPath(product)}
            className="card-link"
            onClick={() => productClicked(product, position, list)}
          >
            {product.name}
          </Link>
        </Heading>
        <p className="card-line">{product.line}</p>
        <p className="card-foot">
          <Price product={product} />
          <span className="card-choices">
            {choices} {product.variantLabel.toLowerCase()}s
          </span>
        </p>
      </div>
    </article>
  );
}
