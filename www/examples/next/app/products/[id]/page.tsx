import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { PRODUCTS } from "../../products";
import { AddToCart } from "./add-to-cart";

type Props = { params: Promise<{ id: string }> };

async function productOf({ params }: Props) {
  const { id } = await params;
  return PRODUCTS.find((product) => product.id === id) ?? notFound();
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await productOf(props)).name };
}

export default async function Product(props: Props) {
  const product = await productOf(props);
  return (
    <main>
      <h1>{product.name}</h1>
      <AddToCart {...product} />
      <Link href="/">All tents</Link>
    </main>
  );
}
