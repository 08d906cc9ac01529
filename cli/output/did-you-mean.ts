/** The known word that somebody most likely meant. */

/** The nearest of some words by edit distance, or undefined where none is near enough to be worth naming. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate.startsWith(wanted) && wanted.length >= 2) return candidate;
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, 64), least);
    if (distance < least && distance < wanted.length) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein's distance, with a swap of neighbours counted once; gives up at a bound. */
function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) >= bound) return bound;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? bound;
}
