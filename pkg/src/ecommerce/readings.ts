/**
 * The totals that an event may have. The spec lets shops "decide how to calculate how coupons and
 * discounts are applied", prices may include tax or not, and its own examples differ: so a total
 * is right if any of these readings gives it.
 */

type Properties = Record<string, unknown>;

/** The sums that an amount may equal, and the tolerance for rounding. */
export interface Reading {
  name: string;
  allowed: number[];
  tolerance: number;
}

const number = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) ? value : 0;

/** Each of `sums`, and each with `part` added. */
const perhaps = (sums: number[], part: number): number[] => [
  ...sums,
  ...sums.map((sum) => sum + part),
];

/** The sum of the products, or `undefined` if one lacks a price or a quantity. */
function worthOf(products: unknown): number | undefined {
  if (!Array.isArray(products) || products.length === 0) return undefined;
  let worth = 0;
  for (const product of products as (Properties | undefined)[]) {
    const { price, quantity } = product ?? {};
    const line = (price as number) * (quantity as number);
    if (typeof price !== "number" || !Number.isFinite(line)) return undefined;
    worth += line;
  }
  return worth;
}

/** The allowed sums of each total of the event; empty if its parts are unknown. */
export function readings(properties: Properties, digits: number): Reading[] {
  const { price, products, quantity, total, value } = properties;
  const smallest = 10 ** -digits;
  const lines = Array.isArray(products) ? products.length : 1;
  // One smallest unit a line, as each may be rounded, and the error of binary fractions.
  const tolerance = smallest * lines + 1e-9 * Math.abs(number(total ?? value));
  if (price !== undefined && quantity !== undefined) {
    const allowed = [number(price) * number(quantity)];
    return [{ name: "value", allowed, tolerance }];
  }
  const worth = worthOf(products);
  if (worth === undefined) return [];
  const [discount, shipping, tax] = ["discount", "shipping", "tax"].map(
    (name) => number(properties[name]),
  ) as [number, number, number];
  const goods = perhaps([worth], -discount);
  const paid = perhaps(perhaps(goods, shipping), tax);
  return [
    { name: "subtotal", allowed: perhaps(goods, -tax), tolerance },
    { name: "revenue", allowed: perhaps(goods, -tax), tolerance },
    { name: "total", allowed: paid, tolerance },
    { name: "value", allowed: paid, tolerance },
  ];
}
