/** Amounts are whole cents in the shop and decimal numbers on the wire. */
export type Cents = number;

/** The one currency of the shop (ISO 4217). */
export const CURRENCY = "USD";

const format = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: CURRENCY,
});

/** Cents as text to show: `14800` is `$148.00`. */
export function formatMoney(amount: Cents): string {
  return format.format(amount / 100);
}

/** Cents as the number analytics expects, exact to two decimals: `14805` is `148.05`. */
export function toDecimal(amount: Cents): number {
  return Math.round(amount) / 100;
}
