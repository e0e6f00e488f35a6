/** Turns the arguments of a shop's code into the spec's properties. */

/** `productId` becomes `product_id`, `imageURL` becomes `image_url`; snake_case stays. */
function snakeCase(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z]+)/g,
    (_, before: string, capitals: string) =>
      `${before}_${capitals.toLowerCase()}`,
  );
}

/** Whether a value is a plain object, whose names are converted; dates and maps are not. */
function isRecord(value: unknown): value is object {
  return (value as object | null)?.constructor === Object;
}

/**
 * The properties of an event: names in snake_case, also within lists (`products`, `filters`,
 * `sorts`), with the members of `custom` unchanged and without `undefined` values.
 */
export function toProperties(given: object): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === "custom") Object.assign(properties, value);
    else if (value !== undefined) {
      properties[snakeCase(name)] = Array.isArray(value)
        ? value.map((item: unknown) =>
            isRecord(item) ? toProperties(item) : item,
          )
        : value;
    }
  }
  return properties;
}
