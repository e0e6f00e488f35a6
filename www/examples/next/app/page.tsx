import { ProductList } from "./product-list";
import { PRODUCTS } from "./products";

export default function Home() {
  return (
    <main>
      <h1>Tents</h1>
      <ProductList products={PRODUCTS} />
    </main>
  );
}
