import { useEffect, useRef, useState, type FormEvent } from "react";
import { Link, useParams } from "react-router";
import { formatMoney } from "../catalog/money";
import { categoryName, findProduct, type Product } from "../catalog/products";
import { ProductArt } from "../parts/ProductArt";
import { announce } from "../state/announcements";
import {
  QUANTITY_MAX,
  cartStore,
  changeQuantity,
  readCart,
} from "../state/cart";
import { productAdded, productViewed } from "../tracking";
import { NotFoundPage } from "./NotFoundPage";

/** A product, with a choice of variant and quantity, and a button that adds it to the cart. */
export function ProductPage() {
  const product = findProduct(useParams().productId);
  return product ? (
    <ProductDetail key={product.id} product={product} />
  ) : (
    <NotFoundPage />
  );
}

function ProductDetail({ product }: { product: Product }) {
  const [variant, setVariant] = useState(product.variants[0]);
  const told = useRef(false);
  useEffect(() => {
    if (told.current) return;
    told.current = true;
    productViewed(product, product.variants[0]);
  }, [product]);

  return (
    <div className="page">
      <title>{`${product.name} | Cairn & Co.`}</title>
      <nav className="crumbs" aria-label="Breadcrumb">
        <ol>
          <li>
            <Link to="/products">All gear</Link>
          </li>
          <li>
            <Link to={`/products?category=${product.category}`}>
              {categoryName(product.category)}
            </Link>
          </li>
          <li aria-current="page">{product.name}</li>
        </ol>
      </nav>
      <div className="product">
        <ProductArt product={product} variant={variant} />
        <div className="product-text">
          <p className="eyebrow">{product.brand}</p>
          <h1>{product.name}</h1>
          <p className="product-line">{product.line}</p>
          <p className="product-price">{formatMoney(variant.price)}</p>
          <BuyForm product={product} variant={variant} onVariant={setVariant} />
          <p className="product-description">{product.description}</p>
          <ul className="facts">
            {product.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

type BuyFormProps = {
  product: Product;
  variant: Product["variants"][0];
  onVariant: (variant: Product["variants"][0]) => void;
};

function BuyForm({ product, variant, onVariant }: BuyFormProps) {
  const [added, setAdded] = useState<string | null>(null);

  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const quantity = changeQuantity(
      product,
      variant,
      Number(form.get("quantity")),
    );
    const cart = readCart(cartStore.get());
    if (quantity > 0) productAdded(cart.id, { product, variant, quantity });
    const text =
      quantity > 0
        ? `${quantity} × ${product.name} (${variant.name}) added to cart.`
        : `Your cart already holds ${QUANTITY_MAX} of these.`;
    setAdded(text);
    announce(`${text} ${cart.count} in the cart.`);
  };

  return (
    <form className="buy" onSubmit={add}>
      <fieldset className="variants">
        <legend>
          {product.variantLabel}: <strong>{variant.name}</strong>
        </legend>
        <div className="variant-choices">
          {product.variants.map((one) => (
            <label key={one.sku} className="variant">
              <input
                type="radio"
                name="variant"
                value={one.sku}
                checked={one === variant}
                onChange={() => onVariant(one)}
              />
              <span>
                {product.variantLabel === "Colour" && (
                  <svg viewBox="0 0 16 16" width="16" aria-hidden="true">
                    <circle cx="8" cy="8" r="7.5" fill={one.colours[0]} />
                  </svg>
                )}
                {one.name}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="buy-row">
        <label className="quantity">
          <span>Quantity</span>
          <input
            type="number"
            name="quantity"
            min={1}
            max={QUANTITY_MAX}
            defaultValue={1}
            required
            inputMode="numeric"
          />
        </label>
        <button type="submit" className="button button-main">
          Add to cart
        </button>
      </div>
      {added && (
        <p className="buy-done">
          {added} <Link to="/cart">View cart</Link>
        </p>
      )}
    </form>
  );
}
