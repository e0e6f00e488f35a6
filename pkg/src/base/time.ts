/** Resolves after `waitMs` milliseconds. */
export function sleep(waitMs: number): Promise<undefined> {
  return new Promise((done) => setTimeout(done, waitMs));
}

/** Resolves as `task` does, or with undefined if it fails or takes longer than `limitMs`. */
export function within<T>(
  task: Promise<T>,
  limitMs: number,
): Promise<T | undefined> {
  return new Promise((done) => {
    task.then(done, () => done(undefined));
    setTimeout(done, limitMs);
  });
}
