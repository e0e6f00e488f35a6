import { formatMoney, type Cents } from "../catalog/money";

/** The sums of a cart or an order. A sum that is not known yet is left out. */
export function Sums({
  subtotal,
  discount,
  coupon,
  shipping,
  tax,
  total,
}: {
  subtotal: Cents;
  discount: Cents;
  coupon?: string | undefined;
  shipping?: Cents;
  tax?: Cents;
  total?: Cents;
}) {
  return (
    <dl className="sums">
      <Sum label="Subtotal" amount={formatMoney(subtotal)} />
      {discount > 0 && (
        <Sum
          label={coupon ? `Discount (${coupon})` : "Discount"}
          amount={`−${formatMoney(discount)}`}
        />
      )}
      {shipping !== undefined && (
        <Sum
          label="Shipping"
          amount={shipping === 0 ? "Free" : formatMoney(shipping)}
        />
      )}
      {tax !== undefined && <Sum label="Sales tax" amount={formatMoney(tax)} />}
      {total !== undefined && (
        <div className="sums-total">
          <dt>Total</dt>
          <dd>{formatMoney(total)}</dd>
        </div>
      )}
    </dl>
  );
}

function Sum({ label, amount }: { label: string; amount: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{amount}</dd>
    </div>
  );
}
