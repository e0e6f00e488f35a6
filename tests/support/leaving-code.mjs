// @ts-check

/**
 * Code for a page to run by which it leaves. It runs in a task of its own: an evaluation whose
 * page goes away while it runs may never be answered.
 *
 * @param {string} code
 */
export const thatLeaves = (code) => `void setTimeout(() => { ${code}; });`;
