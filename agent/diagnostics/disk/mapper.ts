/** Volumes of the device mapper: LVM's thin pools, snapshots and RAID, and disks with several paths. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { devices } from './devices.ts';
import { type DmStatus, parseDmStatus } from './dm-status.ts';
import { parseLvs } from './lvs.ts';
import { parseMultipath } from './multipath.ts';

const LIMIT_MS = 3_000;

/** The device mapper's volumes. @throws Unavailable absent where there are none */
export const mapper = fact({
  id: 'disk.mapper',
  reads: ['dmsetup status', 'lvs and lvdisplay, where they were saved'],
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal, get }): Promise<DmStatus> => {
    const all = await get(devices).catch(() => undefined);
    if (all && !all.some(({ kind }) => kind === 'dm'))
      throw new Unavailable('absent', 'there are no volumes of the device mapper');
    try {
      return await ask(machine, signal);
    } catch (error) {
      const outputs = ['lvs', 'lvdisplay'].flatMap((program) => machine.saved?.(program) ?? []);
      const told = outputs.flatMap(({ text }) => parseLvs(text) ?? []);
      if (told.length === 0) throw error;
      const all = <Key extends keyof DmStatus>(key: Key) => told.flatMap((one) => one[key] as unknown[]);
      const keys = ['pools', 'snapshots', 'raids', 'multipaths', 'failed'] as const;
      return Object.fromEntries(keys.map((key) => [key, all(key)])) as unknown as DmStatus;
    }
  },
});

async function ask(machine: Machine, signal: AbortSignal): Promise<DmStatus> {
  const { code, stdout, stderr } = await machine.run('dmsetup', ['status'], { timeoutMs: LIMIT_MS, signal });
  if (code !== 0 && stdout.trim() === '')
    throw new Unavailable(
      /permission|superuser|root/i.test(stderr) ? 'denied' : 'failed',
      `dmsetup status: ${stderr.slice(0, 200)}`,
    );
  return parseDmStatus(stdout);
}

/** A disk with several paths, whichever tool told of it. */
export interface MultipathDisk {
  readonly name: string;
  /** Maker and product; empty where the device mapper alone told of it. */
  readonly product: string;
  /** Names of paths that work and that do not. */
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Whether rows of paths alone are known, of one disk or of several. */
  readonly excerpt?: true;
}

/** Names of devices by their numbers: "8:16" is "sdb". */
function nameOf(machine: Machine, device: string): string {
  const target = machine.link(`sys/dev/block/${device}`) ?? '';
  return target.slice(target.lastIndexOf('/') + 1) || device;
}

/**
 * Disks with several paths. The device mapper knows from memory which paths failed; `multipath -ll` asks every path and can
 * hang on a dead one, so it is what captured machines alone are read by.
 */
export const multipaths = fact({
  id: 'disk.multipaths',
  reads: ['dmsetup status', 'multipath -ll, on a captured machine'],
  limitMs: 5_000,
  read: async ({ machine, get }): Promise<readonly MultipathDisk[]> => {
    if (!machine.live) {
      const maps = ['multipath', 'multipathd']
        .flatMap((one) => machine.saved?.(one) ?? [])
        .flatMap((output) => {
          const told = parseMultipath(output.text);
          if (told.length === 0) machine.notUsed?.(output, 'it lists no disk with several paths');
          return told;
        });
      if (maps.length > 0)
        return maps.map(({ name, product, paths, excerpt }) => {
          const works = (one: (typeof paths)[number]) =>
            one.state !== 'failed' && !/^(faulty|shaky|down)$/.test(one.checker) && one.online !== 'offline';
          return {
            ...{ name, product: product.replace(',', ' ').replace(/\s+/g, ' ').trim() },
            good: paths.filter(works).map((one) => one.name),
            bad: paths.filter((one) => !works(one)).map((one) => one.name),
            ...(excerpt ? { excerpt } : {}),
          };
        });
    }
    const { multipaths: found } = await get(mapper);
    if (found.length === 0) throw new Unavailable('absent', 'this machine has no disks with several paths');
    return found.map(({ name, paths }) => ({
      ...{ name, product: '' },
      good: paths.filter(({ failed }) => !failed).map(({ device }) => nameOf(machine, device)),
      bad: paths.filter(({ failed }) => failed).map(({ device }) => nameOf(machine, device)),
    }));
  },
});
