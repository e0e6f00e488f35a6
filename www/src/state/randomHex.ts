/** Eight random hex digits. `crypto.randomUUID` is missing on pages without https. */
export function randomHex(): string {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word.toString(16).padStart(8, "0");
}
