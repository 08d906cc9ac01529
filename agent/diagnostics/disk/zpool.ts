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

const POOL_STATE = /^(?:ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|SUSPENDED)$/;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts as zpool shortens them: "1.50K". */
function countOf(word: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]?)$/.exec(word);
  return match ? Number(match[1]) * 1_000 ** ' KMGTP'.indexOf(match[2] || ' ') : Number.NaN;
}

/** Devices and groups of them, as `zpool status` names them below their pool. */
const BELOW_POOL =
  /^(?:(?:mirror|raidz[123]?|draid\d?|spare|replacing|log|cache|special|dedup|indirect)(?:[-:]\S*)?|\d{6,}|\/\S+|(?:[sh]d[a-z]|x?vd[a-z]|nvme\d|a?da\d|dm-\d|wwn-|ata-|scsi-|nvme-|gptid\/|label\/)\S*)$/;

/** The table of devices without what stands above it: the first row is the pool's own, unless it is cut off too. */
function headless(row: string): (Mutable<Zpool> & { vdevs: Vdev[] }) | undefined {
  const [, name = '', state = ''] =
    /^\s*(\S{1,255})\s+([A-Z]{5,9})(?:\s+\d[\d.]*[KMGTP]?){3}(?:\s|$)/.exec(row) ?? [];
  if (!POOL_STATE.test(state)) return undefined;
  const cut = BELOW_POOL.test(name);
  return {
    ...{ name: cut ? 'unnamed' : name, state: cut ? '' : state, status: '', vdevs: [] },
    ...{ errors: '', usedPercent: undefined },
  };
}

function vdevOf(row: string, pool: string): Vdev | undefined {
  const [name = '', state = '', ...counts] = row.trim().split(/\s+/);
  if (name === pool || !/^(ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|AVAIL|INUSE|SPLIT)$/.test(state))
    return undefined;
  const [read = 0, write = 0, checksum = 0] = counts.slice(0, 3).map(countOf);
  const known = (value: number) => (Number.isFinite(value) ? value : 0);
  return { name, state, read: known(read), write: known(write), checksum: known(checksum) };
}

/** Parses `zpool status`, with any of -v, -x, -P, -p, or the table of devices alone. */
function parseZpoolStatus(text: string): Zpool[] {
  const pools: (Mutable<Zpool> & { vdevs: Vdev[] })[] = [];
  let section = '';
  for (const long of text.split('\n').slice(0, MAX_ROWS)) {
    const row = long.slice(0, 1_000).trimEnd();
    const match =
      /^ {0,5}(pool|state|status|action|scan|see|config|errors|id|comment|remove|checkpoint|dedup): ?(.*)$/.exec(
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
    if (pools.length === 0 && !match) {
      const alone = headless(row);
      if (alone) {
        pools.push(alone);
        section = 'config';
      }
    }
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

/** What `zpool list` tells of a pool. */
interface Listed {
  readonly usedPercent: number;
  /** Its column HEALTH; empty where there is none. */
  readonly state: string;
}

/** From `zpool list` with or without -H and -p: the column CAP, or the sizes. */
function parseZpoolList(text: string): Map<string, Listed> {
  const found = new Map<string, Listed>();
  const rows = text.split('\n').slice(0, 1_000);
  const header = rows[0]?.trim().split(/\s+/) ?? [];
  const cap = header.includes('NAME') ? header.indexOf('CAP') : 7;
  for (const row of rows) {
    const words = row.trim().split(/\s+/);
    const match = /^(\d+)%?$/.exec(words[cap] ?? '');
    // Rows that begin with white space are devices of `zpool list -v`.
    if (!match || words[0] === undefined || /^\s/.test(row)) continue;
    const state = words.find((word) => POOL_STATE.test(word)) ?? '';
    found.set(words[0], { usedPercent: Number(match[1]), state });
  }
  return found;
}

/** Parses `zpool status -j` (OpenZFS 2.3): pools by name, in each its devices in trees by name. */
function parseZpoolJson(text: string): Zpool[] {
  type Tree = { readonly [key: string]: unknown };
  const below = (value: unknown) => Object.values((value ?? {}) as Tree) as Tree[];
  const word = (value: unknown) => (typeof value === 'string' ? value : '');
  const devicesIn = (tree: Tree): Vdev[] => [
    {
      ...{ name: word(tree.name), state: word(tree.state) },
      ...{ read: Number(tree.read_errors ?? 0) || 0, write: Number(tree.write_errors ?? 0) || 0 },
      checksum: Number(tree.checksum_errors ?? 0) || 0,
    },
    ...below(tree.vdevs).flatMap(devicesIn),
  ];
  try {
    const { pools } = JSON.parse(text) as { pools?: unknown };
    return below(pools).map((pool) => {
      const lost = Number(pool.error_count ?? 0) || 0;
      return {
        ...{ name: word(pool.name), state: word(pool.state), status: word(pool.status) },
        // The first of the tree is the pool itself.
        vdevs: below(pool.vdevs).flatMap((root) => below(root.vdevs).flatMap(devicesIn)),
        errors: lost > 0 ? `${lost} data errors` : '',
        usedPercent: undefined,
      };
    });
  } catch {
    return [];
  }
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
    const more = machine.live ? [] : (machine.saved?.('zpool') ?? []).map(({ text }) => text);
    const texts = [...more, ...(status === undefined ? [] : [status])];
    const pools = new Map(
      texts
        .flatMap((text) => (/^\s*\{/.test(text) ? parseZpoolJson(text) : parseZpoolStatus(text)))
        .map((pool) => [pool.name, pool]),
    );
    const names = new Set([...states.keys(), ...pools.keys(), ...used.keys()]);
    if (names.size === 0) throw nothing(machine, 'ZFS pools');
    return [...names].map((name) => {
      const told = pools.get(name);
      return {
        ...{ name, state: states.get(name) ?? (told?.state || used.get(name)?.state) ?? '' },
        ...{ status: told?.status ?? '', vdevs: told?.vdevs ?? [], errors: told?.errors ?? '' },
        usedPercent: used.get(name)?.usedPercent,
      };
    });
  },
});
