// @ts-check
// Runs in every page before anything else. Both functions are sent to the page as text.

/**
 * Makes the page's clock strictly increase, so that the times of two events say which was made
 * first, also where a library makes several in one millisecond.
 */
export function tickingClock() {
  const Real = Date;
  let last = 0;
  const now = () => (last = Math.max(Real.now(), last + 1));
  const Ticking = new Proxy(Real, {
    apply: () => new Real(now()).toString(),
    construct: (_target, args) =>
      args.length > 0
        ? Reflect.construct(Real, args)
        : Reflect.construct(Real, [now()]),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  Real.prototype.constructor = Ticking;
  window.Date = Ticking;
}

/** Gives the page `log`, to which scenarios push, and `describe`, which turns any value to JSON. */
export function notebook() {
  const scope = /** @type {any} */ (window);
  scope.log = [];

  /** @param {any} value @param {any[]} above @returns {unknown} */
  function describe(value, above = []) {
    if (value === undefined) return "<undefined>";
    if (typeof value === "number" && !Number.isFinite(value)) {
      return `<${value}>`;
    }
    if (typeof value === "bigint") return `<${value}n>`;
    if (typeof value === "function") return "<function>";
    if (typeof value === "symbol") return "<symbol>";
    if (value === null || typeof value !== "object") return value;
    if (above.includes(value)) return "<cycle>";
    if (value instanceof Error) return `<${value.name}: ${value.message}>`;
    if (value instanceof Date) return `<date ${value.toISOString()}>`;
    if (value instanceof Promise) return "<promise>";
    if (value instanceof Element) return `<element ${value.tagName}>`;
    if (value === window) return "<window>";
    const inside = [...above, value];
    if (Array.isArray(value)) return value.map((one) => describe(one, inside));
    if (value.event && value.logger && value.stats) {
      return { "<context>": describe(value.event, inside) };
    }
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, one]) => [key, describe(one, inside)]),
    );
  }
  scope.describe = describe;
}
