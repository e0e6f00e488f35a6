/** Letters that two names may differ in and still mean the same. */
const LETTERS_MAX = 2;
const LETTERS_OF_SHORT_MAX = 1;
const SHORT = 5;

const plain = (name: string) => name.toLowerCase().replace(/[^a-z\d]/g, "");

/** Letters to add, leave out, change or swap with their neighbour to make `b` of `a`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (same ? 0 : 1),
      );
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && swapped)
        least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** The name that was probably meant. */
export function nearest(
  given: string,
  names: readonly string[],
): string | undefined {
  const short = plain(given);
  const most = short.length > SHORT ? LETTERS_MAX : LETTERS_OF_SHORT_MAX;
  const all = names.map((name) => ({
    name,
    apart: distance(short, plain(name)),
  }));
  all.sort((a, b) => a.apart - b.apart);
  return all[0] && all[0].apart <= most ? all[0].name : undefined;
}
