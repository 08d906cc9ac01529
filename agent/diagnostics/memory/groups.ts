/** Control groups (version 2) of services and pods: kills for want of memory inside of them, and their memory pressure. */

import type { Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { parseCounters } from './meminfo.ts';
import { type Pressure, readPressure } from './pressure.ts';

const ROOT = 'sys/fs/cgroup';
/** Slices whose groups are looked at, one level deep: services, and pods as kubelet names them with either cgroup driver. */
const SLICES = [
  'system.slice',
  'kubepods.slice',
  'kubepods.slice/kubepods-burstable.slice',
  'kubepods.slice/kubepods-besteffort.slice',
  'kubepods',
  'kubepods/burstable',
  'kubepods/besteffort',
  'machine.slice',
] as const;
/** A group costs about 60 µs. */
const MAX_GROUPS = 512;

/** A control group. */
export interface Group {
  /** Below /sys/fs/cgroup: "system.slice/nginx.service". */
  readonly path: string;
  /** Processes killed for want of memory since the group was made. */
  readonly oomKills: number;
  /** How often the group ran into its own limit ("max") since then. */
  readonly limitHits: number;
  readonly pressure: Pressure | undefined;
}

function readGroup(machine: Machine, path: string): Group | undefined {
  const events = machine.text(`${ROOT}/${path}/memory.events`);
  if (events === undefined) return undefined;
  const counters = parseCounters(events);
  return {
    path,
    oomKills: counters.get('oom_kill') ?? 0,
    limitHits: counters.get('max') ?? 0,
    pressure: readPressure(machine, `${ROOT}/${path}/memory.pressure`),
  };
}

/** Control groups of services and pods. Where there are more than are looked at, that is told as a problem. */
export const groups = fact({
  id: 'memory.groups',
  reads: [`/${ROOT}/{system.slice,kubepods*,machine.slice}/*/{memory.events,memory.pressure}`],
  limitMs: 3_000,
  read: ({ machine, problem }): readonly Group[] => {
    if (!machine.has(`${ROOT}/cgroup.controllers`)) throw nothing(machine, 'cgroup version 2 hierarchy');
    const paths = SLICES.flatMap((slice) =>
      machine
        .list(`${ROOT}/${slice}`)
        .filter((name) => /\.(service|scope|slice)$/.test(name) || /^pod/.test(name))
        .map((name) => `${slice}/${name}`),
    );
    if (paths.length > MAX_GROUPS)
      problem({
        what: `/${ROOT}`,
        kind: 'failed',
        why: `of ${paths.length} control groups only the first ${MAX_GROUPS} were read`,
      });
    return paths.slice(0, MAX_GROUPS).flatMap((path) => readGroup(machine, path) ?? []);
  },
});
