/**
 * How full file systems are. Asking one can hang for ever (a dead NFS server, a dead FUSE program), so it is asked by a child
 * process: local ones together, since the kernel answers for them from memory, and each of the others on its own.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { type DfRow, type DfTable, parseDf } from './df.ts';
import { type Mount, mounts } from './mounts.ts';

/** Fundamental block size, blocks, free, available to users, inodes, free inodes; the name last, since it may hold anything. */
const FORMAT = '%S %b %f %a %c %d %n';
/** Command lines under which captured machines keep tables of `df`: sosreport's, and what people type. */
const TABLES = [
  // Of one text all of them are found so, the later ones below the earlier.
  '',
  '-al -x autofs',
  '-aliT -x autofs',
  '-ali -x autofs',
  '-P',
  '-k',
  '-h',
  '-hT',
  '-Th',
  '-PT',
  '-T',
  '-i',
  '-Pi',
  '-hi',
  '-ih',
];
const LOCAL_LIMIT_MS = 1_000;
const REMOTE_LIMIT_MS = 2_000;
/** Asking /proc, which cannot hang, takes a few ms. Where it takes so long, others are late for want of processor time. */
const CONTROL = '/proc';
const STARVED_MS = 300;
const CONTROL_LIMIT_MS = 1_000;
const MAX_LOCAL = 500;
const MAX_REMOTE = 64;
/** Children at a time. */
const AT_ONCE = 16;

/** How full a file system is. */
export interface Usage {
  readonly mount: Mount;
  readonly bytes: number;
  /** What users can still write; less than what is free where the file system reserves some for root. Infinite where it is not told. */
  readonly availableBytes: number;
  readonly usedBytes: number;
  /** 0 where it has no fixed number of inodes (btrfs, some network file systems). */
  readonly inodes: number;
  readonly freeInodes: number;
}

/** File systems with their use, those that did not answer, and those that answered with an error. */
export interface Usages {
  readonly known: readonly Usage[];
  readonly hung: readonly Mount[];
  readonly failed: readonly { readonly mount: Mount; readonly why: string }[];
}

/** Percent as `df` tells it: of what users can use. */
export function usedPercent({
  usedBytes,
  availableBytes,
}: Pick<Usage, 'usedBytes' | 'availableBytes'>): number {
  const all = usedBytes + availableBytes;
  return all > 0 ? Math.round((1_000 * usedBytes) / all) / 10 : 0;
}

/** Parses a line of `stat -f` in the format above. */
function parseLine(row: string): { path: string; usage: Omit<Usage, 'mount'> } | undefined {
  const match = /^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\/.*)$/.exec(row);
  if (!match) return undefined;
  const [block = 0, all = 0, free = 0, available = 0, inodes = 0, freeInodes = 0] = match
    .slice(1, 7)
    .map(Number);
  return {
    path: match[7] ?? '',
    usage: {
      bytes: all * block,
      availableBytes: available * block,
      usedBytes: Math.max(0, all - free) * block,
      inodes,
      freeInodes,
    },
  };
}

/** Asks for some file systems with one child process. @throws Unavailable timeout and others of Machine.run */
export async function statFileSystems(
  machine: Machine,
  asked: readonly Mount[],
  limits: { timeoutMs: number; signal: AbortSignal },
): Promise<Pick<Usages, 'known' | 'failed'>> {
  const paths = new Map(asked.map((mount) => [mount.path, mount]));
  const { stdout, stderr } = await machine.run('stat', ['-f', '-c', FORMAT, '--', ...paths.keys()], limits);
  const known: Usage[] = [];
  for (const row of stdout.split('\n')) {
    const one = parseLine(row);
    const mount = one && paths.get(one.path);
    if (!mount) continue;
    known.push({ mount, ...one.usage });
    paths.delete(mount.path);
  }
  // "stat: cannot read file system information for '/mnt': Input/output error"
  const failed = [...paths.values()].map((mount) => {
    const told = stderr.split('\n').find((row) => row.includes(`'${mount.path}'`)) ?? '';
    return { mount, why: told.slice(told.lastIndexOf(': ') + 1).trim() || 'no answer' };
  });
  return { known, failed };
}

/** Runs tasks, a bounded number at a time. */
async function each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
}

/** Whether a child process that cannot hang is late too, so that one which is late says nothing of what it asked. */
async function isStarved(machine: Machine, signal: AbortSignal): Promise<boolean> {
  const began = performance.now();
  try {
    await machine.run('stat', ['-f', '-c', FORMAT, '--', CONTROL], { timeoutMs: CONTROL_LIMIT_MS, signal });
  } catch (error) {
    if (error instanceof Unavailable && error.kind === 'timeout') return true;
    throw error;
  }
  return performance.now() - began > STARVED_MS;
}

/** @param tell is told the mounts of which it stayed unknown whether they hang */
async function live(
  machine: Machine,
  all: readonly Mount[],
  signal: AbortSignal,
  tell: (unsure: readonly Mount[]) => void,
): Promise<Usages> {
  const known: Usage[] = [];
  const failed: Usages['failed'][number][] = [];
  const hung: Mount[] = [];
  const unsure: Mount[] = [];
  const ask = async (asked: readonly Mount[], timeoutMs: number) => {
    const found = await statFileSystems(machine, asked, { timeoutMs, signal });
    known.push(...found.known);
    failed.push(...found.failed);
  };
  const isLate = async (mount: Mount) => {
    try {
      await ask([mount], REMOTE_LIMIT_MS);
      return false;
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'timeout') throw error;
      return true;
    }
  };
  const alone = async (mount: Mount) => {
    if (!(await isLate(mount))) return;
    // A moment without processor time passes; a dead server does not.
    if (await isStarved(machine, signal)) unsure.push(mount);
    else if (await isLate(mount)) hung.push(mount);
  };
  const remote = all.filter(({ kind }) => kind === 'network').slice(0, MAX_REMOTE);
  const local = all.filter(({ kind }) => kind !== 'network').slice(0, MAX_LOCAL);
  const together = async () => {
    if (local.length === 0) return;
    try {
      await ask(local, LOCAL_LIMIT_MS);
    } catch (error) {
      if (!(error instanceof Unavailable) || error.kind !== 'timeout') throw error;
      // One of them hangs: which, is seen when each is asked alone.
      await each(local, alone);
    }
  };
  await Promise.all([together(), each(remote, alone)]);
  if (unsure.length > 0) tell(unsure);
  const byPath = (a: Usage, b: Usage) => (a.mount.path < b.mount.path ? -1 : 1);
  return { known: known.sort(byPath), hung, failed };
}

/** Rows by what they are of: those of the first table that has one, of which the last counts. */
function rowsOf(tables: readonly DfTable[]): Map<string, DfRow> {
  return new Map(tables.toReversed().flatMap(({ rows }) => rows.map((row) => [row.path, row])));
}

/** What tables of df have and nothing else tells of: a row of a device is a file system that is mounted. */
function mountsOf(all: readonly DfRow[]): Mount[] {
  const rows = all.filter(({ source }) => /^(?:\/|[\w.-]{1,100}:\/)/.test(source));
  const paths = new Map(rows.map((row) => [row.path, row]));
  // Images are full by nature: snaps and other squashfs on loop devices, discs.
  const writable = [...paths.values()].filter(
    ({ source, path, type }) =>
      !/^(?:squashfs|iso9660|udf|erofs|cramfs)$/.test(type) &&
      !/^\/dev\/(?:loop|sr|cdrom)\d*$/.test(source) &&
      !/^\/(?:var\/lib\/snapd\/)?snap\//.test(path),
  );
  return writable.map(({ source, path, type }) => ({
    ...{ path, source, device: '', root: '/', type, readOnly: false, fileSystemReadOnly: false },
    ...{ kind: source.startsWith('/') ? ('local' as const) : ('network' as const), options: [] },
  }));
}

/** Of a file system of which inodes alone were told: what is not known to be full is not. */
const UNKNOWN_SIZE = {
  bytes: Number.POSITIVE_INFINITY,
  availableBytes: Number.POSITIVE_INFINITY,
  usedBytes: 0,
};

async function captured(machine: Machine, mounted: readonly Mount[] | undefined): Promise<Usages> {
  const tables: DfTable[] = [];
  for (const args of TABLES) {
    const saved = await machine.run('df', args === '' ? [] : args.split(' ')).catch(() => undefined);
    if (saved) tables.push(...parseDf(saved.stdout));
  }
  // With other options, of some file systems, or behind words that are none of its own.
  tables.push(...(machine.saved?.('df') ?? []).flatMap(({ text }) => parseDf(text)));
  if (tables.length === 0) throw new Unavailable('not-captured', 'no output of df is in the captured folder');
  const sizes = rowsOf(tables.filter(({ inodes }) => !inodes));
  const files = rowsOf(tables.filter(({ inodes }) => inodes));
  const all = mounted ?? mountsOf([...files.values(), ...sizes.values()]);
  return {
    known: all.flatMap((mount): Usage[] => {
      const [row, inodes] = [sizes.get(mount.path), files.get(mount.path)];
      if (!row && !inodes) return [];
      return [
        {
          // Where inodes alone were asked for, how full the file system is stays unknown.
          ...(row ? { bytes: row.size, availableBytes: row.available, usedBytes: row.used } : UNKNOWN_SIZE),
          mount,
          ...{ inodes: inodes?.size ?? 0, freeInodes: inodes?.available ?? 0 },
        },
      ];
    }),
    hung: [],
    failed: [],
  };
}

/** Mounts whose use is nobody's trouble: read-only by nature, or a pod's own scratch memory. */
function judged({ type, path, kind }: Mount): boolean {
  if (kind === 'memory')
    return !/^\/(var\/lib\/(kubelet|docker|containers)|run\/(user|credentials|containerd|netns))\//.test(
      path,
    );
  return type !== 'udf';
}

/** How full file systems are. */
export const usage = fact({
  id: 'disk.usage',
  reads: ['stat -f -c … (every file system)', 'df, on a captured machine'],
  limitMs: 9_000,
  waits: true,
  read: async (reading): Promise<Usages> => {
    const { machine, signal } = reading;
    const mounted = await reading.get(mounts).catch((error: unknown) => {
      if (machine.live) throw error;
      return undefined;
    });
    const all = mounted?.filter(judged);
    if (machine.live && all)
      return live(machine, all, signal, (unsure) =>
        reading.problem({
          what: `stat -f ${unsure
            .slice(0, 4)
            .map(({ path }) => path)
            .join(', ')}${unsure.length > 4 ? ` and ${unsure.length - 4} more` : ''}`,
          kind: 'failed',
          why: 'no answer in time, and /proc did not answer in time either: the machine has no processor time to spare',
        }),
      );
    return captured(machine, all);
  },
});
