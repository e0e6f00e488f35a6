/** Amounts of Medusa 2: decimals in units of the currency, in one of several forms. */

/** An amount as Medusa gives it: a number, a text, a `BigNumber` or its stored form. */
export type Amount =
  | number
  | string
  | { numeric?: number; value?: number | string }
  | null
  | undefined;

/** An amount as a number, or `undefined` if it is none. */
export function numberOf(amount: Amount): number | undefined {
  if (amount === null || amount === undefined || amount === "") {
    return undefined;
  }
  const value =
    typeof amount === "object" ? (amount.numeric ?? amount.value) : amount;
  const number = Number(value);
  return value !== undefined && Number.isFinite(number) ? number : undefined;
}

/** A currency's number of decimals (ISO 4217), two if it is unknown. */
export function digitsOf(currency: string): number {
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Rounds halves away from zero by the number's decimal text, as 1.005 is below it in binary. */
function rounded(number: number, digits: number): number {
  const [mantissa, exponent = "0"] = Math.abs(number).toString().split("e");
  const shifted = Math.round(
    Number(`${mantissa}e${Number(exponent) + digits}`),
  );
  const value = Number(`${shifted}e-${digits}`);
  return number < 0 ? -value : value;
}

/** A function that makes amounts of a currency into numbers, to its smallest unit. */
export function moneyOf(
  currency: string,
): (amount: Amount) => number | undefined {
  const digits = digitsOf(currency);
  return (amount) => {
    const number = numberOf(amount);
    return number === undefined ? undefined : rounded(number, digits);
  };
}

/** The sum of amounts, without the error of binary fractions as far as 15 digits go. */
export function sumOf(...amounts: readonly Amount[]): number {
  const sum = amounts.reduce<number>(
    (total, amount) => total + (numberOf(amount) ?? 0),
    0,
  );
  return Number(sum.toPrecision(15));
}
