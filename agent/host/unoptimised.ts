/** Work of the agent's start that is not worth V8's optimising compiler. */

import { setFlagsFromString } from 'node:v8';

/**
 * Does work without V8's optimising compiler. A loop of a few thousand rounds would wake it, for less than it takes to compile; and
 * from then on 5 MB of that compiler are resident in an agent that does nothing (packaging/README.md). The work has to be
 * synchronous: the switch is the whole process'.
 */
export function unoptimised<T>(work: () => T): T {
  setFlagsFromString('--no-turbofan');
  try {
    return work();
  } finally {
    setFlagsFromString('--turbofan');
  }
}
