/**
 * Looking up host names, a few at once. The system's look-up cannot be called off: with a resolver that does not answer, each takes ten
 * seconds, and whoever has asked for hundreds of them at once does not end for minutes after all of them were given up.
 */

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** As many as libuv does at once with its four threads; the others would wait there, where nobody can take them back. */
const AT_ONCE = 2;

/** Looks a name up when it is its turn, if somebody still waits for it then. */
export type LookUp = (
  host: string,
  options: Parameters<LookupFunction>[1],
  wanted: () => boolean,
  done: Parameters<LookupFunction>[2],
) => void;

/** Makes a queue of look-ups. `resolve` is the system's, but in tests. */
export function lookUps(resolve: LookupFunction = lookup): LookUp {
  const waiting: Parameters<LookUp>[] = [];
  let running = 0;
  const next = (): void => {
    while (running < AT_ONCE) {
      const first = waiting.shift();
      if (!first) return;
      const [host, options, wanted, done] = first;
      if (!wanted()) continue;
      running++;
      resolve(host, options, (...found) => {
        running--;
        next();
        done(...found);
      });
    }
  };
  return (...one) => {
    waiting.push(one);
    next();
  };
}

/** The look-ups of this process. */
export const lookUp: LookUp = lookUps();
