import { useEffect, useRef, type ChangeEvent } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { CATEGORIES } from "../catalog/products";
import {
  SORTS,
  countByCategory,
  listPath,
  listTitle,
  readListView,
  selectProducts,
  type ListView,
} from "../catalog/search";
import { ProductCard } from "../parts/ProductCard";
import { listId, productListFiltered, productListViewed } from "../tracking";

/** All products or the results of a search, filtered by shelf and sorted. */
export function ProductListPage() {
  const [params] = useSearchParams();
  const view = readListView(params);
  const products = selectProducts(view);
  const title = listTitle(view);
  useListEvents(view);

  return (
    <div className="page">
      <title>{`${title} | Cairn & Co.`}</title>
      <header className="list-head">
        <h1>{title}</h1>
        <p className="soft" role="status">
          {products.length} {products.length === 1 ? "product" : "products"}
        </p>
      </header>
      <ListControls view={view} />
      {products.length === 0 ? (
        <NothingFound query={view.query} />
      ) : (
        <ul className="grid" aria-label="Products">
          {products.map((product, index) => (
            <li key={product.id}>
              <ProductCard
                product={product}
                position={index + 1}
                list={listId(view)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Records a new search as a list viewed, and another shelf or order as a list filtered. */
function useListEvents(view: ListView) {
  const { query, category, sort } = view;
  const told = useRef<ListView | null>(null);
  useEffect(() => {
    const before = told.current;
    const now = { query, category, sort };
    told.current = now;
    if (before?.query !== query) productListViewed(now, selectProducts(now));
    else if (before.category !== category || before.sort !== sort)
      productListFiltered(now, selectProducts(now));
  }, [query, category, sort]);
}

function ListControls({ view }: { view: ListView }) {
  const navigate = useNavigate();
  const counts = countByCategory(view.query);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const show = (change: Partial<ListView>) =>
    void navigate(listPath({ ...view, ...change }), {
      preventScrollReset: true,
    });
  const sortBy = (event: ChangeEvent<HTMLSelectElement>) =>
    show({ sort: readListView(sortParams(event.target.value)).sort });

  return (
    <div className="list-controls">
      <div className="chips" role="group" aria-label="Filter by category">
        <Chip
          name="All"
          count={total}
          pressed={view.category === null}
          onPress={() => show({ category: null })}
        />
        {CATEGORIES.map(({ id, name }) => (
          <Chip
            key={id}
            name={name}
            count={counts.get(id) ?? 0}
            pressed={view.category === id}
            onPress={() => show({ category: id })}
          />
        ))}
      </div>
      <label className="sort">
        <span>Sort by</span>
        <select value={view.sort} onChange={sortBy}>
          {SORTS.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const sortParams = (sort: string) => new URLSearchParams({ sort });

function Chip({
  name,
  count,
  pressed,
  onPress,
}: {
  name: string;
  count: number;
  pressed: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={pressed}
      onClick={onPress}
    >
      {name} <span className="chip-count">{count}</span>
    </button>
  );
}

function NothingFound({ query }: { query: string }) {
  return (
    <div className="notice">
      <h2>Nothing on this path</h2>
      <p>
        {query
          ? `We have nothing that matches “${query}” here.`
          : "This shelf is empty."}{" "}
        Try a shorter word, or look at everything.
      </p>
      <Link to="/products" className="button">
        Show all gear
      </Link>
    </div>
  );
}
