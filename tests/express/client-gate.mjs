// @ts-check
// Holds the client's script and the core back until they are let go.

/**
 * Makes the shop answer for client and core only once `open` is called.
 *
 * @param {{ fault: (path: string) => { status?: number, delayMs?: number } }} shop
 */
export function clientGate(shop) {
  const gate = {
    /** Whether the client is held back. */
    isHeld: true,
    open: () => {
      gate.isHeld = false;
    },
  };
  shop.fault = (path) =>
    gate.isHeld && /\/(start-\w+\.js|waymark_bg\.wasm)$/.test(path)
      ? { status: 503 }
      : {};
  return gate;
}
