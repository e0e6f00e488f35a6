import { Link } from "react-router";
import { formatMoney } from "../catalog/money";
import { orderStore } from "../state/orders";
import { sessionStore } from "../state/session";
import { useStore } from "../state/store";

/** The signed-in user, and the orders placed in this browser. */
export function AccountPage() {
  const session = useStore(sessionStore);
  const orders = useStore(orderStore);
  if (!session) return null;

  return (
    <div className="page page-narrow">
      <title>Account | Cairn & Co.</title>
      <h1>Hello, {session.name}</h1>
      <dl className="account">
        <div>
          <dt>E-mail</dt>
          <dd>{session.email}</dd>
        </div>
        <div>
          <dt>User id</dt>
          <dd>
            <code>{session.userId}</code>
          </dd>
        </div>
      </dl>
      <h2>Orders from this browser</h2>
      {orders.length === 0 ? (
        <p className="soft">
          None yet. <Link to="/products">Shop all gear</Link>
        </p>
      ) : (
        <ul className="mini-lines panel">
          {orders.map(({ orderId, total, lines }) => (
            <li key={orderId}>
              <span>
                <Link to={`/orders/${orderId}`}>{orderId}</Link>
                <span className="soft">
                  {" "}
                  {lines.map(({ name }) => name).join(", ")}
                </span>
              </span>
              <span>{formatMoney(total)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
