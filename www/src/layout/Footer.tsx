import { Link } from "react-router";
import { CATEGORIES } from "../catalog/products";
import { CairnMark } from "../parts/CairnMark";

const LIVE_VIEW_URL =
  import.meta.env.VITE_LIVE_VIEW_URL ?? "http://127.0.0.1:8081/";

/** The bottom of every page: the shop, its shelves, and a link to the live view of its events. */
export function Footer() {
  return (
    <footer className="footer">
      <div className="footer-inner">
        <div className="footer-about">
          <p className="footer-brand">
            <CairnMark />
            Cairn &amp; Co.
          </p>
          <p>Gear for people who like the long way round.</p>
        </div>
        <nav aria-label="Shelves">
          <ul className="footer-links">
            {CATEGORIES.map(({ id, name }) => (
              <li key={id}>
                <Link to={`/products?category=${id}`}>{name}</Link>
              </li>
            ))}
          </ul>
        </nav>
        <p className="footer-demo">
          <strong>Demo.</strong> Nothing here is for sale. Every view, click and
          purchase shows up in the <a href={LIVE_VIEW_URL}>live view</a> of the
          gateway.
        </p>
      </div>
    </footer>
  );
}
