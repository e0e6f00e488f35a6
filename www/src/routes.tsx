import { createBrowserRouter, type RouteObject } from "react-router";
import {
  needsCheckout,
  needsGuest,
  needsSession,
  needsShipping,
} from "./guards";
import { Shell } from "./layout/Shell";
import { AccountPage } from "./pages/AccountPage";
import { CartPage } from "./pages/CartPage";
import { ConfirmationPage } from "./pages/ConfirmationPage";
import { HomePage } from "./pages/HomePage";
import { NotFoundPage } from "./pages/NotFoundPage";
import { PaymentPage } from "./pages/PaymentPage";
import { ProductListPage } from "./pages/ProductListPage";
import { ProductPage } from "./pages/ProductPage";
import { ShippingPage } from "./pages/ShippingPage";
import { SignInPage } from "./pages/SignInPage";

/** The arguments of `page()` for a route. */
export type PageHandle = { category: string; name: string };

const page = (category: string, name: string): PageHandle => ({
  category,
  name,
});

const pages: RouteObject[] = [
  { index: true, Component: HomePage, handle: page("Shop", "Home") },
  {
    path: "products",
    Component: ProductListPage,
    handle: page("Catalog", "Product List"),
  },
  {
    path: "products/:productId",
    Component: ProductPage,
    handle: page("Catalog", "Product"),
  },
  { path: "cart", Component: CartPage, handle: page("Shop", "Cart") },
  {
    path: "checkout",
    loader: needsCheckout,
    Component: ShippingPage,
    handle: page("Checkout", "Shipping"),
  },
  {
    path: "checkout/payment",
    loader: needsShipping,
    Component: PaymentPage,
    handle: page("Checkout", "Payment"),
  },
  {
    path: "orders/:orderId",
    Component: ConfirmationPage,
    handle: page("Checkout", "Order Confirmation"),
  },
  {
    path: "sign-in",
    loader: needsGuest,
    Component: SignInPage,
    handle: page("Account", "Sign In"),
  },
  {
    path: "account",
    loader: needsSession,
    Component: AccountPage,
    handle: page("Account", "Account"),
  },
  { path: "*", Component: NotFoundPage, handle: page("Shop", "Not Found") },
];

/** The shop's addresses; README.md lists them with the events each one causes. */
export const router = createBrowserRouter([
  {
    path: "/",
    Component: Shell,
    HydrateFallback: () => null,
    children: pages,
  },
]);
