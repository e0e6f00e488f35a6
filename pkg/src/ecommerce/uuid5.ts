/** Name-based UUIDs (RFC 9562, version 5): the same name gives the same UUID, everywhere. */

const BLOCK_BYTES = 64;

const rotate = (word: number, by: number): number =>
  (word << by) | (word >>> (32 - by));

/** The message with SHA-1's padding: a one bit, zeros, and the length in bits. */
function padded(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 9) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, message.length * 8);
  return view;
}

/** SHA-1 (FIPS 180-4) as five words. `crypto.subtle` has it only asynchronously. */
function sha1(message: Uint8Array): number[] {
  const view = padded(message);
  let hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words: number[] = [];
  for (let block = 0; block < view.byteLength; block += BLOCK_BYTES) {
    let [a, b, c, d, e] = hash as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      words[t] =
        t < 16
          ? view.getInt32(block + t * 4)
          : rotate(
              words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!,
              1,
            );
      const [mixed, constant] =
        t < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : t < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : t < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotate(a, 5) + mixed + e + constant + words[t]!) | 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
    hash = [a, b, c, d, e].map((word, at) => (word + hash[at]!) | 0);
  }
  return hash;
}

/** The UUID of `name` in the namespace, which is a UUID itself. */
export function uuid5(namespace: string, name: string): string {
  const hex = namespace.replace(/-/g, "");
  const text = new TextEncoder().encode(name);
  const message = new Uint8Array(16 + text.length);
  for (let at = 0; at < 16; at++) {
    message[at] = parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  }
  message.set(text, 16);
  const words = sha1(message);
  words[1] = (words[1]! & 0xffff0fff) | 0x5000; // The version.
  words[2] = (words[2]! & 0x3fffffff) | 0x80000000; // The variant.
  return words
    .slice(0, 4)
    .map((word) => (word >>> 0).toString(16).padStart(8, "0"))
    .join("")
    .replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
