"use client";
import { TrackedButton } from "waymark/react";

export function AddToCart(product: {
  id: string;
  name: string;
  price: number;
}) {
  const { id, ...facts } = product;
  return (
    <TrackedButton
      eventName="Product Added"
      properties={{ product_id: id, ...facts, quantity: 1 }}
    >
      Add to cart
    </TrackedButton>
  );
}
