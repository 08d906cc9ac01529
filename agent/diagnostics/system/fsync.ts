/**
 * How long the disk takes to make a small write safe, measured as etcd would feel it: 40 writes of 2 KiB, each of them waited for
 * (O_DSYNC, which is what fdatasync does for a write within a file). It is done by `dd`, a process a write, so that a sick disk
 * hangs none of ours. It writes 80 KiB in all and takes about 40 times the latency of the disk, 20 s at most.
 */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { etcdFolder } from './etcd.ts';

const WRITES = 40;
/** etcd's documentation measures with writes of 2,300 bytes; dd takes a round number. */
const BLOCK = 2_048;
const WRITE_LIMIT_MS = 5_000;
const LIMIT_MS = 20_000;
/** Where it is measured: beside etcd's data, else beside the agent's own. Only the first that is there. */
const OWN = 'var/lib/nodectl';
const NAME = '.nodectl-fsync-probe';

/** What was measured. Times are ms. */
export interface FsyncLatency {
  /** "/var/lib/etcd" */
  readonly folder: string;
  readonly writes: number;
  readonly median: number;
  readonly p99: number;
}

/** "2048 bytes (2.0 kB, 2.0 KiB) copied, 0.00123 s, 1.7 MB/s": what dd says, as ms. */
export function parseDd(stderr: string): number | undefined {
  const match = /copied, ([\d.]+(?:e-?\d+)?) s(?:econds)?,/.exec(stderr);
  return match ? Number(match[1]) * 1_000 : undefined;
}

/** A place in sorted values: the nearest rank. */
function rank(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? 0;
}

async function write(machine: Machine, file: string, at: number, signal: AbortSignal): Promise<number> {
  const { code, stderr } = await machine.run(
    'dd',
    [
      'if=/dev/zero',
      `of=${file}`,
      `bs=${BLOCK}`,
      'count=1',
      `seek=${at}`,
      'conv=notrunc,nocreat',
      'oflag=dsync,nofollow',
    ],
    { timeoutMs: WRITE_LIMIT_MS, signal },
  );
  const took = parseDd(stderr);
  if (code === 0 && took !== undefined) return took;
  throw new Unavailable(
    /permission|read-only/i.test(stderr) ? 'denied' : 'failed',
    `dd to ${file}: ${stderr.slice(0, 200)}`,
  );
}

/** The latency of small safe writes. It writes to the disk: only checks that run on request need it. */
export const fsyncLatency = fact({
  id: 'system.fsync-latency',
  reads: [`dd of=/var/lib/etcd/${NAME} bs=${BLOCK} count=1 oflag=dsync,nofollow, ${WRITES} times`],
  limitMs: LIMIT_MS,
  read: async ({ machine, signal }): Promise<FsyncLatency> => {
    if (!machine.live)
      throw new Unavailable('not-captured', 'how fast the disk was cannot be measured afterwards');
    const folder = etcdFolder(machine) ?? (machine.has(OWN) ? OWN : undefined);
    if (folder === undefined) throw new Unavailable('absent', `neither etcd’s data nor /${OWN} is here`);
    const file = `/${folder}/${NAME}`;
    const limits = { timeoutMs: WRITE_LIMIT_MS, signal };
    // The folder may be another user's (etcd's), who could put a link there: what is there is removed, never followed.
    await machine.run('rm', ['-f', '--', file], limits);
    // The file is laid out first, so that the writes measured are none that make it grow.
    const made = await machine.run(
      'dd',
      ['if=/dev/zero', `of=${file}`, `bs=${BLOCK}`, `count=${WRITES}`, 'conv=excl,fsync'],
      limits,
    );
    if (made.code !== 0)
      throw new Unavailable(
        /permission|read-only/i.test(made.stderr) ? 'denied' : 'failed',
        `dd to ${file}: ${made.stderr.slice(0, 200)}`,
      );
    try {
      const times: number[] = [];
      for (let at = 0; at < WRITES; at++) times.push(await write(machine, file, at, signal));
      times.sort((a, b) => a - b);
      return { folder: `/${folder}`, writes: times.length, median: rank(times, 0.5), p99: rank(times, 0.99) };
    } finally {
      // Not with the caller's signal: the file is to go also where the call was given up.
      await machine.run('rm', ['-f', '--', file], { timeoutMs: WRITE_LIMIT_MS }).catch(() => undefined);
    }
  },
});
