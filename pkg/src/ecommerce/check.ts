/**
 * Checks the amounts of an event and warns of mistakes. Fetched in development only; it changes
 * no event.
 */
import { readings } from "./readings";

type Properties = Record<string, unknown>;

/** The spec's amounts. */
const AMOUNTS = [
  ...["price", "value", "revenue", "total", "subtotal"],
  ...["shipping", "tax", "discount"],
];

const warned = new Set<string>();

/** Warns once for each message. */
function warn(event: string, text: string): void {
  const message = `waymark: ${event}: ${text}`;
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(message);
}

/** Warns that an event has no currency of its own. */
export function warnOfCurrency(event: string, currency: string): void {
  warn(
    event,
    `no currency was given, so it says ${currency}; name the shop's once: new EcommerceTracker(analytics, { currency: "EUR" })`,
  );
}

/** The currency's number of decimals, or `undefined` if the code is invalid. */
function digitsOf(currency: string): number | undefined {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined;
  const known = Intl.supportedValuesOf?.("currency");
  if (known && !known.includes(currency)) return undefined;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

function checkAmounts(event: string, at: string, properties: Properties): void {
  for (const name of AMOUNTS) {
    const amount = properties[name];
    if (amount === undefined) continue;
    const path = `${at}${name}`;
    if (typeof amount !== "number" || !Number.isFinite(amount)) {
      warn(event, `${path} is ${show(amount)}, not a finite number`);
    } else if (amount < 0) {
      warn(event, `${path} is ${amount}; amounts are not negative`);
    }
  }
  const { quantity } = properties;
  const counts = Number.isInteger(quantity) && (quantity as number) > 0;
  if (quantity !== undefined && !counts) {
    warn(event, `${at}quantity is ${show(quantity)}, not a number of pieces`);
  }
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Warns of a total that its parts do not add up to in any reading of the spec. */
function checkTotals(
  event: string,
  properties: Properties,
  digits: number,
): void {
  for (const { name, allowed, tolerance } of readings(properties, digits)) {
    const amount = properties[name];
    if (typeof amount !== "number" || !Number.isFinite(amount)) continue;
    if (allowed.some((one) => Math.abs(one - amount) <= tolerance)) continue;
    const sums = [...new Set(allowed.map((one) => one.toFixed(digits)))];
    warn(
      event,
      `${name} is ${amount}, but its parts come to ${sums.join(" or ")}`,
    );
  }
}

/** Warns of mistakes in the event's amounts. Never throws. */
export function check(event: string, properties: Properties): void {
  try {
    checkAmounts(event, "", properties);
    const { currency, products } = properties;
    let digits = 2;
    if (currency !== undefined) {
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- then it is no currency
      const found = digitsOf(String(currency));
      if (found === undefined) {
        warn(
          event,
          `currency is ${show(currency)}, not a code of ISO 4217 such as "EUR"`,
        );
      }
      digits = found ?? digits;
    }
    if (Array.isArray(products)) {
      products.forEach((product: unknown, at) => {
        if (!product || typeof product !== "object") return;
        checkAmounts(event, `products[${at}].`, product as Properties);
      });
    }
    // A refund may cover only a part of the order.
    if (event !== "Order Refunded") checkTotals(event, properties, digits);
  } catch (error) {
    console.warn("waymark:", error);
  }
}
