"use client";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { observeList } from "waymark/impressions";
import { useSegment } from "waymark/react";
import type { PRODUCTS } from "./products";

/** The tiles of a list: those that were seen are folded into one event. */
export function ProductList({ products }: { products: typeof PRODUCTS }) {
  const analytics = useSegment();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const observed = observeList(analytics, { listId: "home" });
    products.forEach(({ id, name, price }, at) => {
      const tile = list.current?.children[at];
      if (tile) observed.add(tile, { product_id: id, name, price });
    });
    return observed.unobserve;
  }, [analytics, products]);

  return (
    <ul ref={list}>
      {products.map(({ id, name }) => (
        <li key={id}>
          <Link href={`/products/${id}`}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}
