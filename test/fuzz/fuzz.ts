/** Runs cases of a target; a case that fails is told with what makes it again. */

import { seededRandom } from '../upgrade/seeded.ts';
import type { FuzzTarget } from './target.ts';

/** Each case has a seed of its own: the run's and the case's number. @throws Error that names the first case which fails */
export function fuzz(target: FuzzTarget, cases: number, seed: number, first = 0): void {
  for (let number = first; number < first + cases; number++) {
    try {
      target.run(seededRandom(seed + number * 0x9e3779b9));
    } catch (cause) {
      const again = `npm run fuzz -- --only '${target.name}' --seed ${seed} --first ${number} --cases 1`;
      throw new Error(
        `${target.name}, case ${number}: ${(cause as Error).message}\nmade again by: ${again}`,
        { cause },
      );
    }
  }
}
