// @ts-check
// Holds the client's script and the core back until they are let go.

/**
 * Makes the shop answer for client and core only once `open` is called.
 *
 * @param {{ fault: (path: string) => { status?: number, delayMs?: number } }} shop
 * @param {RegExp} [held] the paths of what is held back
 */
export function clientGate(shop, held = /\/(start-\w+\.js|waymark_bg\.wasm)$/) {
  const gate = {
    /** Whether the client is held back. */
    isHeld: true,
    open: () => {
      gate.isHeld = false;
    },
  };
  shop.fault = (path) =>
    gate.isHeld && held.test(path) ? { status: 503 } : {};
  return gate;
}
