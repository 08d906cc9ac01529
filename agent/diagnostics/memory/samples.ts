/** What is sampled of memory: counters of want, errors of modules, and stalled time. */

import type { Sample, Sampler } from '../../history/sample.ts';
import type { Machine } from '../../host/machine.ts';
import { readEdac } from './edac.ts';
import { parseCounters, parseMeminfo } from './meminfo.ts';
import { readPressure } from './pressure.ts';

/** Names in /proc/vmstat by the names of their series. */
const COUNTERS = {
  oom_kills: 'oom_kill',
  swap_in_pages: 'pswpin',
  swap_out_pages: 'pswpout',
  major_faults: 'pgmajfault',
} as const;

function levels(machine: Machine): Sample[] {
  const text = machine.text('proc/meminfo');
  if (text === undefined) return [];
  const memory = parseMeminfo(text);
  return [
    { series: 'memory//available_bytes', value: memory.available },
    { series: 'memory//slab_unreclaimable_bytes', value: memory.of('SUnreclaim') },
    { series: 'memory//swap_used_bytes', value: memory.of('SwapTotal') - memory.of('SwapFree') },
  ];
}

function counters(machine: Machine): Sample[] {
  const values = parseCounters(machine.text('proc/vmstat') ?? '');
  return Object.entries(COUNTERS).flatMap(([name, key]) => {
    const value = values.get(key);
    return value === undefined ? [] : [{ series: `memory//${name}`, value }];
  });
}

/** Stalled time in µs since boot, of the processor and of I/O too: they are one reader. */
function stalls(machine: Machine): Sample[] {
  return (['cpu', 'memory', 'io'] as const).flatMap((what) => {
    const pressure = readPressure(machine, `proc/pressure/${what}`);
    return (['some', 'full'] as const).flatMap((kind) => {
      const value = pressure?.[kind]?.totalUs;
      return value === undefined ? [] : [{ series: `memory/pressure-${what}/${kind}_us`, value }];
    });
  });
}

function errors(machine: Machine): Sample[] {
  return readEdac(machine).flatMap(({ name, corrected, uncorrected, modules }) => [
    { series: `memory/${name}/corrected_errors`, value: corrected },
    { series: `memory/${name}/uncorrected_errors`, value: uncorrected },
    // Modules without errors are left out: most have none, ever.
    ...modules
      .filter((module) => module.corrected > 0)
      .map((module) => ({
        series: `memory/${module.name.replaceAll('/', ':')}/corrected_errors`,
        value: module.corrected,
      })),
  ]);
}

/** Samples of memory. */
export const MEMORY_SAMPLER: Sampler = {
  id: 'memory',
  read: (machine) =>
    [levels, counters, stalls, errors].flatMap((read) => {
      try {
        return read(machine);
      } catch {
        // One that cannot be read is left out; why is told by the checks, which read the same.
        return [];
      }
    }),
};
