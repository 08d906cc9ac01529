/** The time since boot, which nobody sets: what deadlines within a boot are counted in. */

import { line, type Machine } from './machine.ts';

/** ms since the boot, suspended time included (proc_uptime(5)); undefined where the machine does not tell. */
export function uptimeMs(machine: Machine): number | undefined {
  const seconds = Number.parseFloat(line(machine, 'proc/uptime') ?? '');
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
