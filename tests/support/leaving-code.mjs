// @ts-check

/**
 * Wraps code that leaves the page, to be evaluated there. It runs in a later task, so that the
 * evaluation returns before its page is gone.
 *
 * @param {string} code
 */
export const thatLeaves = (code) => `void setTimeout(() => { ${code}; });`;
