/** Pressure stall information: the share of time in which tasks waited for a processor, memory or I/O (Linux 4.20 and later). */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** Percent of the last 10, 60 and 300 s, and all stalled time since boot. */
export interface Stall {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly totalUs: number;
}

/** How long at least one task ("some") and all tasks that could run ("full") stood still. */
export interface Pressure {
  readonly some: Stall | undefined;
  /** Absent for the processor before Linux 5.13, where it means nothing on the level of the system. */
  readonly full: Stall | undefined;
}

/** Pressure by resource. */
export interface Pressures {
  readonly cpu: Pressure | undefined;
  readonly memory: Pressure | undefined;
  readonly io: Pressure | undefined;
  /** Interrupts; only with CONFIG_IRQ_TIME_ACCOUNTING. */
  readonly irq: Pressure | undefined;
}

/** Parses a pressure file, of the system or of a control group. Lines that are not in its format are left out. */
export function parsePressure(text: string): Pressure {
  const stalls = new Map<string, Stall>();
  for (const row of text.split('\n').slice(0, 10)) {
    const match = /^(some|full)\s+avg10=([\d.]+)\s+avg60=([\d.]+)\s+avg300=([\d.]+)\s+total=(\d+)/.exec(row);
    if (!match) continue;
    const [avg10 = 0, avg60 = 0, avg300 = 0, totalUs = 0] = match.slice(2).map(Number);
    stalls.set(match[1] ?? '', { avg10, avg60, avg300, totalUs });
  }
  return { some: stalls.get('some'), full: stalls.get('full') };
}

/** Reads one pressure file; undefined where the kernel keeps none. @throws Unavailable denied or failed */
export function readPressure(machine: Machine, path: string): Pressure | undefined {
  const text = machine.text(path);
  if (text === undefined) return undefined;
  const pressure = parsePressure(text);
  return pressure.some || pressure.full ? pressure : undefined;
}

/** Pressure on the whole machine. */
export const pressures = fact({
  id: 'memory.pressure',
  reads: ['/proc/pressure/{cpu,memory,io,irq}'],
  limitMs: 1_000,
  read: ({ machine }): Pressures => {
    const of = (what: string) => readPressure(machine, `proc/pressure/${what}`);
    const all = { cpu: of('cpu'), memory: of('memory'), io: of('io'), irq: of('irq') };
    if (!all.cpu && !all.memory && !all.io)
      throw machine.live || machine.has('proc/pressure')
        ? new Unavailable('absent', 'this kernel keeps no pressure stall information (CONFIG_PSI, psi=1)')
        : new Unavailable('not-captured', '/proc/pressure is not in the captured folder');
    return all;
  },
});
