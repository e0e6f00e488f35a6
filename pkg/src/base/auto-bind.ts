/** Binds an object's methods to it, so that they can be destructured: `const { track } = …`. */
export function autoBind(object: object): void {
  const own = object as Record<string, unknown>;
  let from: object = Object.getPrototypeOf(object) as object;
  for (
    ;
    from !== Object.prototype;
    from = Object.getPrototypeOf(from) as object
  ) {
    for (const name of Object.getOwnPropertyNames(from)) {
      const { value } = Object.getOwnPropertyDescriptor(from, name)!;
      if (typeof value !== "function" || name === "constructor") continue;
      if (Object.getOwnPropertyDescriptor(own, name)) continue;
      Object.defineProperty(own, name, {
        value: (...args: unknown[]): unknown => value.apply(object, args),
        configurable: true,
        writable: true,
      });
    }
  }
}
