/** The known word that somebody most likely meant. */

import { editDistance } from './edit-distance.ts';

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
