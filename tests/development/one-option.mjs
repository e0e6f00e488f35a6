// @ts-check
// One option of the table, by its path, in code.

/** The one name with a dot in it. */
export const SEGMENT = "Segment.io";

/**
 * The names on the way to an option.
 *
 * @param {string} path such as `integrations.Segment.io.apiHost`
 * @returns {string[]}
 */
export const stepsOf = (path) =>
  path
    .replace(SEGMENT, "*")
    .split(".")
    .map((name) => (name === "*" ? SEGMENT : name));

/** How a warning names an option. @param {string} path */
export const labelOf = (path) => path.replace(`.${SEGMENT}`, `["${SEGMENT}"]`);

/**
 * The code of an object with one option, and of all around it.
 *
 * @param {string[]} names
 * @param {string} value
 * @returns {string}
 */
export function withOption([name, ...rest], value) {
  const inner = rest.length > 0 ? withOption(rest, value) : value;
  return `{ ${JSON.stringify(name)}: ${inner} }`;
}
