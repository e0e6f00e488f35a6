import { formText } from "../form-text";
import type { FormEvent } from "react";
import { Link, NavLink, useLocation, useNavigate } from "react-router";
import { TrackedButton } from "waymark/react";
import { readListView } from "../catalog/search";
import { CairnMark } from "../parts/CairnMark";
import { announce } from "../state/announcements";
import { cartStore, readCart } from "../state/cart";
import { closeSession, sessionStore } from "../state/session";
import { useStore } from "../state/store";
import { productsSearched, signedOut } from "../tracking";

/** Name, search, account and cart: the top of every page. */
export function Header() {
  return (
    <header className="header">
      <div className="header-inner">
        <Link to="/" className="brand" aria-label="Cairn & Co., home">
          <CairnMark />
          <span>Cairn &amp; Co.</span>
        </Link>
        <SearchForm />
        <nav className="header-nav" aria-label="Main">
          <NavLink to="/products" className="nav-link">
            Shop
          </NavLink>
          <AccountLinks />
          <CartLink />
        </nav>
      </div>
    </header>
  );
}

function SearchForm() {
  const navigate = useNavigate();
  const { search, pathname } = useLocation();
  const shown =
    pathname === "/products"
      ? readListView(new URLSearchParams(search)).query
      : "";

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = formText(event.currentTarget, "q").trim();
    if (!query) return;
    productsSearched(query);
    void navigate(`/products?${new URLSearchParams({ q: query })}`);
  };

  return (
    <form className="search" role="search" onSubmit={submit}>
      <input
        key={shown}
        name="q"
        type="search"
        aria-label="Search products"
        placeholder="Search packs, tents, mugs…"
        autoComplete="off"
        defaultValue={shown}
      />
      <button type="submit" aria-label="Search">
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <circle cx="8.5" cy="8.5" r="5.5" />
          <path d="M12.8 12.8 17 17" />
        </svg>
      </button>
    </form>
  );
}

function AccountLinks() {
  const session = useStore(sessionStore);
  const navigate = useNavigate();
  if (!session)
    return (
      <NavLink to="/sign-in" className="nav-link">
        Sign in
      </NavLink>
    );

  const signOut = () => {
    signedOut();
    closeSession();
    announce("You are signed out.");
    void navigate("/");
  };

  return (
    <>
      <NavLink to="/account" className="nav-link nav-account">
        Account
      </NavLink>
      <TrackedButton
        eventName="Signed Out"
        type="button"
        className="nav-link"
        onClick={signOut}
      >
        Sign out
      </TrackedButton>
    </>
  );
}

function CartLink() {
  const { count } = readCart(useStore(cartStore));
  return (
    <NavLink to="/cart" className="nav-link nav-cart">
      <svg viewBox="0 0 22 22" width="20" height="20" aria-hidden="true">
        <path d="M4 7.5h14l-1 11.5H5z" />
        <path d="M7.5 9.5V6a3.5 3.5 0 0 1 7 0v3.5" />
      </svg>
      <span className="nav-cart-word">Cart</span>
      {count > 0 && (
        <span className="nav-count" key={count}>
          {count}
          <span className="visually-hidden">
            {count === 1 ? " item" : " items"}
          </span>
        </span>
      )}
    </NavLink>
  );
}
