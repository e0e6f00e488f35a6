// @ts-check
/**
 * The value below which a share of the values lies.
 *
 * @param {readonly number[]} values in any order
 * @param {number} [share] 0.5, the median, by default
 * @returns {number} NaN without values
 */
export function quantile(values, share = 0.5) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[at] ?? NaN;
}
