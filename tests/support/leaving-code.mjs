// @ts-check

/**
 * Wraps code by which a page is left, to be evaluated there. It runs in a later task, so that the
 * evaluation has its answer before its page is gone.
 *
 * @param {string} code
 */
export const thatLeaves = (code) => `void setTimeout(() => { ${code}; });`;
