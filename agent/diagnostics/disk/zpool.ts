/** ZFS pools: their states from the kernel's memory, devices and errors from `zpool status`, fill from `zpool list`. */

import { line, type Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

const KSTAT = 'proc/spl/kstat/zfs';
const LIMIT_MS = 4_000;
const MAX_ROWS = 20_000;

/** A device of a pool, or a group of devices ("mirror-0"). */
export interface Vdev {
  readonly name: string;
  /** ONLINE, DEGRADED, FAULTED, OFFLINE, UNAVAIL, REMOVED, AVAIL, INUSE. */
  readonly state: string;
  readonly read: number;
  readonly write: number;
  readonly checksum: number;
}

/** A pool. */
export interface Zpool {
  readonly name: string;
  /** ONLINE, DEGRADED, FAULTED, UNAVAIL, SUSPENDED …; empty where it is not told. */
  readonly state: string;
  /** What ZFS says of it, in a sentence; empty where all is well. */
  readonly status: string;
  readonly vdevs: readonly Vdev[];
  /** "No known data errors", "2 data errors, use '-v' for a list"; empty where it is not told. */
  readonly errors: string;
  /** Percent; undefined where `zpool list` was not read. */
  readonly usedPercent: number | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts as zpool shortens them: "1.50K". */
function countOf(word: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]?)$/.exec(word);
  return match ? Number(match[1]) * 1_000 ** ' KMGTP'.indexOf(match[2] || ' ') : Number.NaN;
}

function vdevOf(row: string, pool: string): Vdev | undefined {
  const [name = '', state = '', ...counts] = row.trim().split(/\s+/);
  if (name === pool || !/^(ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|AVAIL|INUSE|SPLIT)$/.test(state))
    return undefined;
  const [read = 0, write = 0, checksum = 0] = counts.slice(0, 3).map(countOf);
  const known = (value: number) => (Number.isFinite(value) ? value : 0);
  return { name, state, read: known(read), write: known(write), checksum: known(checksum) };
}

/** Parses `zpool status`, with any of -v, -x, -P, -p. */
function parseZpoolStatus(text: string): Zpool[] {
  const pools: (Mutable<Zpool> & { vdevs: Vdev[] })[] = [];
  let section = '';
  for (const long of text.split('\n').slice(0, MAX_ROWS)) {
    const row = long.slice(0, 1_000).trimEnd();
    const match =
      /^ {0,2}(pool|state|status|action|scan|see|config|errors|id|comment|remove|checkpoint|dedup): ?(.*)$/.exec(
        row,
      );
    const [, key = '', value = ''] = match ?? [];
    if (key === 'pool')
      pools.push({
        name: value.trim(),
        state: '',
        status: '',
        vdevs: [],
        errors: '',
        usedPercent: undefined,
      });
    const pool = pools.at(-1);
    if (!pool) continue;
    if (match) {
      section = key;
      if (key === 'state') pool.state = value.trim();
      if (key === 'status') pool.status = value.trim();
      if (key === 'errors') pool.errors = value.trim();
    } else if (section === 'status' && row.trim() !== '')
      pool.status = `${pool.status} ${row.trim()}`.slice(0, 400);
    else if (section === 'config') {
      const vdev = vdevOf(row, pool.name);
      if (vdev) pool.vdevs.push(vdev);
    }
  }
  return pools;
}

/** Percent used by pool, from `zpool list` with or without -H and -p: the column CAP, or the sizes. */
function parseZpoolList(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const rows = text.split('\n').slice(0, 1_000);
  const header = rows[0]?.trim().split(/\s+/) ?? [];
  const cap = header.includes('NAME') ? header.indexOf('CAP') : 7;
  for (const row of rows) {
    const words = row.trim().split(/\s+/);
    const match = /^(\d+)%?$/.exec(words[cap] ?? '');
    // Rows that begin with white space are devices of `zpool list -v`.
    if (match && words[0] !== undefined && !/^\s/.test(row)) found.set(words[0], Number(match[1]));
  }
  return found;
}

async function output(
  machine: Machine,
  lines: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<string> {
  let failed: unknown;
  for (const args of machine.live ? lines.slice(0, 1) : lines) {
    try {
      return (await machine.run('zpool', args, { timeoutMs: LIMIT_MS, signal })).stdout;
    } catch (error) {
      failed = error;
    }
  }
  throw failed;
}

/** Pools. A pool that is suspended can make `zpool` hang; its state is then known from the kernel alone. */
export const zpools = fact({
  id: 'disk.zpools',
  reads: [`/${KSTAT}/*/state`, 'zpool status', 'zpool list'],
  limitMs: 9_000,
  waits: true,
  read: async ({ machine, signal, part }): Promise<readonly Zpool[]> => {
    const states = new Map<string, string>();
    for (const name of machine.list(KSTAT)) {
      const state = line(machine, `${KSTAT}/${name}/state`);
      if (state !== undefined) states.set(name, state);
    }
    const modules = machine.text('proc/modules');
    if (states.size === 0 && (machine.live || (modules !== undefined && !/^zfs /m.test(modules))))
      throw new Unavailable('absent', 'this machine has no ZFS pools');
    // A captured machine without any of them most likely has no pools: that is told once, below.
    const of = (what: string, lines: readonly (readonly string[])[]) =>
      machine.live
        ? part(what, () => output(machine, lines, signal))
        : output(machine, lines, signal).catch(() => undefined);
    const [status, list] = await Promise.all([
      of('zpool status', [['status'], ['status', '-v'], ['status', '-vx'], ['status', '-x']]),
      of('zpool list', [['list'], ['list', '-v'], ['list', '-Hp']]),
    ]);
    const used = parseZpoolList(list ?? '');
    const pools = new Map(parseZpoolStatus(status ?? '').map((pool) => [pool.name, pool]));
    const names = new Set([...states.keys(), ...pools.keys(), ...used.keys()]);
    if (names.size === 0) throw nothing(machine, 'ZFS pools');
    return [...names].map((name) => {
      const told = pools.get(name);
      return {
        ...{ name, state: states.get(name) ?? told?.state ?? '', status: told?.status ?? '' },
        ...{ vdevs: told?.vdevs ?? [], errors: told?.errors ?? '', usedPercent: used.get(name) },
      };
    });
  },
});
