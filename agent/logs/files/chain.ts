/**
 * A log file is a chain: the file that is written to now and those before it, which rotation has renamed or copied. This
 * page puts them in order; reader.ts walks along.
 */

import { basename, dirname, join } from 'node:path';
import { type FileState, fileState, filesIn } from '../../host/log-file.ts';
import { isPacked, plainPath } from '../../host/packed-file.ts';

/** The files of one log in the order in which they were written. */
export interface LogChain {
  /** All files that can be read, the oldest first. The last one is the newest. */
  list(): Promise<FileState[]>;
  /** The file that is written to now, or undefined when there is none. Cheap. */
  newest(): Promise<FileState | undefined>;
  /** Whether a read from the beginning takes the whole chain, or the newest file only. */
  readonly whole: boolean;
  /** Files of the chain that are compressed and left out: their number and bytes. */
  skipped(): Promise<{ files: number; bytes: number }>;
}

/** What tells two files apart over the time of one read. */
export function fileKey(state: { dev: number; ino: number; birthMs: number }): string {
  return `${state.dev}.${state.ino}.${state.birthMs}`;
}

/** A rotated file's suffix, without that of compression: ".1", "-20261124", ".2026-11-24", "-20261124-0155", ".old". */
const SUFFIX = /^(?:\.(\d{1,4})|[.-](\d{4}-?\d\d(?:-?\d\d)?(?:[T_.-]?[\d:-]+)?)|\.(old))$/;

interface Rank {
  /** 0 dated, 1 numbered, 2 .old, 3 the file itself. */
  group: number;
  /** Within numbered ones: the higher, the older, where their times do not say otherwise. */
  number: number;
  /** Within dated ones: ascending. */
  date: string;
}

function rankOf(suffix: string): Rank | undefined {
  if (suffix === '') return { group: 3, number: 0, date: '' };
  const match = SUFFIX.exec(suffix);
  if (match === null) return undefined;
  if (match[1] !== undefined) return { group: 1, number: -Number(match[1]), date: '' };
  if (match[2] !== undefined) return { group: 0, number: 0, date: match[2] };
  return { group: 2, number: 0, date: '' };
}

function compareRanks(a: Rank, b: Rank): number {
  return a.group - b.group || a.number - b.number || (a.date < b.date ? -1 : Number(a.date > b.date));
}

/**
 * Puts numbered files in the order of their times where names do not say it: with log4j2's default the higher number is the newer
 * file, and in a ring the numbers go round, so that any of them may be. Both times of all of them must say the same: a backup that
 * was put back keeps one of them, a writer that goes on in an old file changes the other.
 */
function byAge(files: FileState[], isNumbered: (file: FileState) => boolean): FileState[] {
  const from = files.findIndex(isNumbered);
  const numbered = files.filter(isNumbered);
  const aged = numbered.toSorted((a, b) => a.birthMs - b.birthMs);
  const rises = aged.every((file, i) => {
    const before = aged[i - 1];
    return !before || (before.birthMs < file.birthMs && before.mtimeMs < file.mtimeMs);
  });
  return rises ? files.toSpliced(from, numbered.length, ...aged) : files;
}

/** The order of a log's files by their names: positive when `a` is the newer one; undefined names are not of the log. */
function orderByName(base: string): {
  accepts(name: string): boolean;
  isNumbered(file: FileState): boolean;
  compare(a: FileState, b: FileState): number;
} {
  const rank = (name: string) =>
    name.startsWith(base) ? rankOf(plainPath(name).slice(base.length)) : undefined;
  return {
    accepts: (name) => rank(name) !== undefined,
    isNumbered: ({ path }) => rank(basename(path))?.group === 1,
    compare: (a, b) => {
      const [left, right] = [rank(basename(a.path)), rank(basename(b.path))];
      return left === undefined || right === undefined ? 0 : compareRanks(left, right);
    },
  };
}

/** Without the compressed files that also stand there as they were: those are just being made. */
function withoutCopies(files: FileState[]): FileState[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.filter(({ path }) => !isPacked(path) || !paths.has(plainPath(path)));
}

/** The chain of a declared file: itself and its rotated predecessors in the same folder. */
export function declaredChain(path: string): LogChain {
  const folder = dirname(path);
  const base = basename(path);
  const order = orderByName(base);
  return {
    whole: false,
    list: async () => {
      const files = withoutCopies(await filesIn(folder, order.accepts));
      return byAge(files.sort(order.compare), order.isNumbered);
    },
    newest: () => fileState(path),
    skipped: async () => ({ files: 0, bytes: 0 }),
  };
}

/** A file name of kubelet's: "3.log", or rotated "3.log.20261124-015500". */
const POD_LOG = /^(\d{1,9})\.log(?:\.(\d{8}-\d{6}))?$/;

/**
 * The chain of a container: N.log for each start of it, kubelet's rotated pieces before the piece they were cut from, over all
 * incarnations of the pod.
 * @param folders the container's folder in each incarnation of the pod, the oldest first
 */
export function containerChain(folders: () => Promise<string[]>): LogChain {
  const rank = (path: string): [number, string] => {
    const match = POD_LOG.exec(basename(path));
    return [Number(match?.[1] ?? 0), match?.[2] ?? '~'];
  };
  const compare = (a: FileState, b: FileState): number => {
    const [[leftStart, leftPiece], [rightStart, rightPiece]] = [rank(a.path), rank(b.path)];
    return leftStart - rightStart || (leftPiece < rightPiece ? -1 : Number(leftPiece > rightPiece));
  };
  const inFolder = async (folder: string) =>
    (await filesIn(folder, (name) => POD_LOG.test(name))).sort(compare);
  return {
    whole: true,
    list: async () => (await Promise.all((await folders()).map(inFolder))).flat(),
    newest: async () => {
      for (const folder of (await folders()).toReversed()) {
        const last = (await inFolder(folder)).at(-1);
        if (last !== undefined) return last;
      }
      return undefined;
    },
    skipped: async () => {
      const packed = (await folders()).map((folder) =>
        filesIn(join(folder), (name) => name.endsWith('.gz') && POD_LOG.test(name.slice(0, -3))),
      );
      const files = (await Promise.all(packed)).flat();
      return { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
    },
  };
}
