// @ts-check
// How commands fail: in one line.

/** What was asked for could not be done; the exit code is 1. */
export class Failure extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why.replace(/\s*\n\s*/g, " "));
  }
}

/** The command line itself is wrong; the exit code is 2. */
export class UsageError extends Failure {}
