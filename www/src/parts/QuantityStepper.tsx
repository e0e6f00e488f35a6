import { QUANTITY_MAX } from "../state/cart";

/** A quantity between a minus and a plus button. `name` labels them for screen readers. */
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
