const DIGITS = "0123456789abcdef";
const ID_BYTES = 16;
/** Random bytes, drawn ahead for many ids at once. */
const pool = new Uint8Array(ID_BYTES * 64);
let at = pool.length;
/** Differs from byte to byte, and from page to page. */
let count = Date.now();

/**
 * Fills the pool. A page may lack `crypto`, or have one that fills nothing: what is mixed in takes
 * nothing from good bytes.
 */
function fill(): void {
  try {
    crypto.getRandomValues(pool);
  } catch {
    // The rest is random enough.
  }
  for (at = pool.length; at--;) {
    pool[at]! ^=
      (Math.random() * 256) ^ (Math.imul(count++, 0x9e3779b1) >>> 24);
  }
  at = 0;
}

/**
 * A random UUID (version 4). Unlike `crypto.randomUUID` it also works outside secure contexts, and
 * it is faster.
 */
export function randomId(): string {
  if (at >= pool.length) fill();
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
