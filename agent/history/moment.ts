/** Now, in the two clocks of a machine: the one that people set, and the one since boot that nobody sets. */

import { BOOT_ID_PATH, compactId } from '../host/boot-id.ts';
import { line, type Machine } from '../host/machine.ts';
import type { Now } from './timeline.ts';

/** Where the kernel tells the seconds since boot, suspended ones too (proc_uptime(5)). */
const UPTIME_PATH = 'proc/uptime';

/** Now on a machine; without its boot where it does not say. */
export function nowOf(machine: Machine): Now {
  const wall = Math.round(machine.now());
  try {
    const id = compactId(line(machine, BOOT_ID_PATH) ?? '');
    const seconds = Number.parseFloat(line(machine, UPTIME_PATH) ?? '');
    if (/^[0-9a-f]{32}$/.test(id) && seconds >= 0)
      return { wall, boot: { id, sinceBoot: Math.round(seconds * 1_000) } };
  } catch {
    // A machine that does not let these be read is one that does not say.
  }
  return { wall };
}
