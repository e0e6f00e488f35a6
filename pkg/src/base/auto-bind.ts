/** Binds an object's methods to it, so that they can be destructured: `const { track } = …`. */
export function autoBind(object: object): void {
  const own = object as Record<string, unknown>;
  let from: object = Object.getPrototypeOf(object) as object;
  for (
    ;
    from !== Object.prototype;
    from = Object.getPrototypeOf(from) as object
  ) {
    const members = Object.getOwnPropertyDescriptors(from);
    for (const [name, { value }] of Object.entries(members)) {
      if (typeof value !== "function" || name === "constructor") continue;
      if (Object.hasOwn(own, name)) continue;
      const bound: unknown = value.bind(object);
      Object.defineProperty(own, name, {
        value: bound,
        configurable: true,
        writable: true,
      });
    }
  }
}
