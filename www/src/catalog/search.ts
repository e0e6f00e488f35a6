import {
  CATEGORIES,
  PRODUCTS,
  categoryName,
  isCategoryId,
  type CategoryId,
  type Product,
} from "./products";

/** The sort orders of a list. `value` is the one used in the address. */
export const SORTS = [
  { value: "featured", name: "Featured" },
  { value: "price-asc", name: "Price, low to high" },
  { value: "price-desc", name: "Price, high to low" },
  { value: "name-asc", name: "Name" },
] as const;

export type SortValue = (typeof SORTS)[number]["value"];

/** The state of the list page. All of it is in the address, so it can be shared. */
export type ListView = {
  query: string;
  category: CategoryId | null;
  sort: SortValue;
};

/** Reads a view from an address. Unknown values get their defaults. */
export function readListView(params: URLSearchParams): ListView {
  const category = params.get("category");
  const sort = SORTS.find(({ value }) => value === params.get("sort"));
  return {
    query: (params.get("q") ?? "").trim(),
    category: isCategoryId(category) ? category : null,
    sort: sort?.value ?? "featured",
  };
}

/** The address of a view, without defaults. */
export function listPath({ query, category, sort }: ListView): string {
  const params = new URLSearchParams();
  if (query) params.set("q", query);
  if (category) params.set("category", category);
  if (sort !== "featured") params.set("sort", sort);
  const text = params.toString();
  return text ? `/products?${text}` : "/products";
}

/** The heading of a view. */
export function listTitle({ query, category }: ListView): string {
  if (query) return `Results for “${query}”`;
  return category ? categoryName(category) : "All gear";
}

/** The products of a view, sorted. */
export function selectProducts(view: ListView): Product[] {
  const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = PRODUCTS.filter(
    (product) =>
      (!view.category || product.category === view.category) &&
      words.every((word) => searchText(product).includes(word)),
  );
  return found.sort(compareBy(view.sort));
}

function searchText(product: Product): string {
  const { name, brand, line, description } = product;
  const shelf = categoryName(product.category);
  return `${name} ${brand} ${line} ${description} ${shelf}`.toLowerCase();
}

function compareBy(sort: SortValue): (a: Product, b: Product) => number {
  const price = (product: Product) => product.variants[0].price;
  switch (sort) {
    case "price-asc":
      return (a, b) => price(a) - price(b);
    case "price-desc":
      return (a, b) => price(b) - price(a);
    case "name-asc":
      return (a, b) => a.name.localeCompare(b.name);
    case "featured":
      return () => 0;
  }
}

/** How many products of each shelf match the query. */
export function countByCategory(query: string): Map<CategoryId, number> {
  return new Map(
    CATEGORIES.map(({ id }) => [
      id,
      selectProducts({ query, category: id, sort: "featured" }).length,
    ]),
  );
}
