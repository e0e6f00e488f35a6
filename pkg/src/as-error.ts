/** The core throws texts; a page expects errors. */
export function asError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw typeof error === "string" ? new Error(error) : error;
  }
}
