import { Link, useParams } from "react-router";
import { formatMoney } from "../catalog/money";
import { CairnMark } from "../parts/CairnMark";
import { Sums } from "../parts/Sums";
import { orderStore } from "../state/orders";
import { useStore } from "../state/store";
import { NotFoundPage } from "./NotFoundPage";

/** A placed order. Opening or reloading this page does not place it again. */
export function ConfirmationPage() {
  const { orderId } = useParams();
  const order = useStore(orderStore).find((one) => one.orderId === orderId);
  if (!order) return <NotFoundPage />;

  return (
    <div className="page page-narrow">
      <title>Order confirmed | Cairn & Co.</title>
      <div className="confirmation">
        <CairnMark />
        <h1>
          Thank you. <span>It is on its way.</span>
        </h1>
        <p>
          Order <strong>{order.orderId}</strong>, placed{" "}
          <time dateTime={order.placedAt}>
            {new Date(order.placedAt).toLocaleDateString("en-GB", {
              day: "numeric",
              month: "long",
              year: "numeric",
            })}
          </time>
        </p>
      </div>
      <section className="panel" aria-label="Order">
        <ul className="mini-lines">
          {order.lines.map(({ sku, name, variant, price, quantity }) => (
            <li key={sku}>
              <span>
                {quantity} × {name}
                <span className="soft"> {variant}</span>
              </span>
              <span>{formatMoney(price * quantity)}</span>
            </li>
          ))}
        </ul>
        <Sums {...order} />
      </section>
      <Link to="/products" className="button">
        Keep looking around
      </Link>
    </div>
  );
}
