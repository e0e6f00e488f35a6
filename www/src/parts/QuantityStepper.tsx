import { QUANTITY_MAX } from "../state/cart";

/** Less, how many, more. `name` says what of, for people who cannot see the row. */
export function QuantityStepper({
  name,
  quantity,
  minimum,
  onChange,
}: {
  name: string;
  quantity: number;
  minimum: number;
  onChange: (change: 1 | -1) => void;
}) {
  return (
    <div className="stepper" role="group" aria-label={`Quantity of ${name}`}>
      <button
        type="button"
        aria-label={`Decrease quantity of ${name}`}
        disabled={quantity <= minimum}
        onClick={() => onChange(-1)}
      >
        −
      </button>
      <span className="stepper-value">{quantity}</span>
      <button
        type="button"
        aria-label={`Increase quantity of ${name}`}
        disabled={quantity >= QUANTITY_MAX}
        onClick={() => onChange(1)}
      >
        +
      </button>
    </div>
  );
}
