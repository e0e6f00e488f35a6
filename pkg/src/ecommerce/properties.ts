/** From what a shop's code passes to what the spec's events carry. */

/** `productId` becomes `product_id`, `imageURL` becomes `image_url`; snake_case stays. */
function snakeCase(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z]+)/g,
    (_, before: string, capitals: string) =>
      `${before}_${capitals.toLowerCase()}`,
  );
}

/** Whether names are the shop's to choose: not in dates, maps and the like. */
function isRecord(value: unknown): value is object {
  return (value as object | null)?.constructor === Object;
}

/**
 * The properties of an event: names in snake_case, also within lists (`products`, `filters`,
 * `sorts`); the members of `custom` beside them, as they are; nothing that is `undefined`.
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
