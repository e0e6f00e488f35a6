import type { CSSProperties } from "react";
import { artPath, type Product, type Variant } from "../catalog/products";

/** A product's drawing in a variant's colours. Screen readers skip it: the name is beside it. */
export function ProductArt({
  product,
  variant,
}: {
  product: Product;
  variant: Variant;
}) {
  const [main, second] = variant.colours;
  const colours = { "--a": main, "--b": second } as CSSProperties;
  return (
    <div className="art" data-category={product.category}>
      <svg viewBox="0 0 320 320" aria-hidden="true">
        <g className="contours">
          <path d="M-20 250c70-60 120 10 190-30s90-120 180-110" />
          <path d="M-20 210c70-60 110 0 170-40s100-120 200-110" />
          <path d="M-20 170c70-50 100-10 150-50s110-110 220-110" />
          <path d="M-20 290c90-60 130 10 210-20s80-110 160-110" />
          <path d="M-20 120c60-30 80-10 120-50s90-80 160-90" />
          <path d="M40 340c90-60 130-10 200-40s60-80 120-90" />
        </g>
        <use href={`${artPath(product)}#art`} style={colours} />
      </svg>
    </div>
  );
}
