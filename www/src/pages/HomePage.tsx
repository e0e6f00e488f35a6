import { Link } from "react-router";
import { TrackedLink } from "waymark/react";
import { CATEGORIES, PRODUCTS } from "../catalog/products";
import { Landscape } from "../parts/Landscape";
import { ProductArt } from "../parts/ProductArt";
import { ProductCard } from "../parts/ProductCard";
import { promotionFields } from "../tracking";

/** The products featured on the home page. */
const FEATURED = ["ridge-28", "lantern-2p", "tarn-flask", "gale-shell"];

/** The home page: a headline, the shelves and the featured products. */
export function HomePage() {
  return (
    <>
      <title>Cairn & Co. | Gear for the long way round</title>
      <section className="hero" aria-labelledby="hero-title">
        <Landscape />
        <div className="hero-text">
          <h1 id="hero-title">Take the long way round.</h1>
          <p>
            Packs, shelter, kitchen and layers, made to be carried far and
            mended often.
          </p>
          <TrackedLink
            as={Link}
            to="/products"
            className="button button-light"
            eventName="Promotion Clicked"
            properties={promotionFields("hero", "Shop all gear", 0)}
          >
            Shop all gear
          </TrackedLink>
        </div>
      </section>
      <div className="page">
        <section aria-labelledby="shelves-title">
          <h2 id="shelves-title">Find your shelf</h2>
          <ul className="shelves">
            {CATEGORIES.map((category, index) => (
              <li key={category.id}>
                <Shelf {...category} position={index + 1} />
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="featured-title">
          <h2 id="featured-title">Worn in, not worn out</h2>
          <ul className="grid">
            {PRODUCTS.filter(({ id }) => FEATURED.includes(id)).map(
              (product, index) => (
                <li key={product.id}>
                  <ProductCard
                    product={product}
                    position={index + 1}
                    list="home-featured"
                    heading="h3"
                  />
                </li>
              ),
            )}
          </ul>
        </section>
      </div>
    </>
  );
}

type ShelfProps = (typeof CATEGORIES)[number] & { position: number };

function Shelf({ id, name, line, position }: ShelfProps) {
  const product = PRODUCTS.findLast(({ category }) => category === id);
  return (
    <TrackedLink
      as={Link}
      to={`/products?category=${id}`}
      className="shelf"
      eventName="Promotion Clicked"
      properties={promotionFields(id, name, position)}
    >
      {product && (
        <ProductArt product={product} variant={product.variants[0]} />
      )}
      <span className="shelf-name">{name}</span>
      <span className="shelf-line">{line}</span>
    </TrackedLink>
  );
}
