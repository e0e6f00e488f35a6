const DIGITS = "0123456789abcdef";
const ID_BYTES = 16;
/** Random bytes, drawn ahead for many ids at once. */
const pool = new Uint8Array(ID_BYTES * 64);
let at = pool.length;
let drawn = 0;

/**
 * A random UUID, version 4. `crypto.randomUUID` is not used: it needs a secure context, and this
 * is faster.
 */
export function randomId(): string {
  if (at >= pool.length) {
    try {
      globalThis.crypto.getRandomValues(pool);
    } catch {
      // The page has taken it away.
    }
    try {
      // What a page put in its place may fill nothing.
      for (at = pool.length; at;) pool[--at]! ^= Math.random() * 256;
    } catch {
      at = 0;
    }
  }
  // Where nothing is random, ids still differ.
  pool[at]! ^= drawn++;
  pool[at + 6] = (pool[at + 6]! & 15) | 64;
  pool[at + 8] = (pool[at + 8]! & 63) | 128;
  let id = "";
  for (let n = 0; n < ID_BYTES; n++) {
    const dash = n > 3 && n < 11 && n % 2 === 0;
    const byte = pool[at++]!;
    id += (dash ? "-" : "") + DIGITS[byte >> 4] + DIGITS[byte & 15];
  }
  return id;
}
