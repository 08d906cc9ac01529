/** Errors that file systems keep count of themselves: ext4 in its superblock, btrfs by device. Both from memory, by sysfs. */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { parseCounters } from '../memory/meminfo.ts';
import { nothing } from '../required.ts';
import { mounts } from './mounts.ts';

const EXT4 = 'sys/fs/ext4';
const BTRFS = 'sys/fs/btrfs';
const MAX = 512;

/** An ext4 file system with errors on record: they stay there until e2fsck has run. */
export interface Ext4Errors {
  /** The block device: "sda1", "dm-0". */
  readonly device: string;
  readonly errors: number;
  /** ms since the epoch; undefined where it is not told. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** The function of ext4 that found the last one: "ext4_lookup"; empty where it is not told. */
  readonly lastFunction: string;
}

/** A device of a btrfs file system. */
export interface BtrfsDevice {
  readonly uuid: string;
  readonly label: string;
  /** Its number in the file system. */
  readonly id: string;
  readonly missing: boolean;
  /** Whether its errors are known: sysfs tells them since Linux 5.14, the program btrfs on all. */
  readonly counted: boolean;
  readonly write: number;
  readonly read: number;
  readonly flush: number;
  readonly corruption: number;
  readonly generation: number;
}

/** Space of a btrfs file system. */
export interface BtrfsSpace {
  readonly uuid: string;
  readonly label: string;
  /** Sum of the sizes of its devices, and what of it is given to data, metadata or system. Bytes. */
  readonly size: number;
  readonly allocated: number;
  readonly metadataUsedPercent: number;
}

/** What file systems have counted. */
export interface FileSystemErrors {
  readonly ext4: readonly Ext4Errors[];
  readonly btrfs: readonly BtrfsDevice[];
  readonly btrfsSpaces: readonly BtrfsSpace[];
}

function ext4(machine: Machine, device: string): Ext4Errors[] {
  const of = (name: string) => number(machine, `${EXT4}/${device}/${name}`);
  const errors = of('errors_count');
  if (errors === undefined) return [];
  const time = (name: string) => {
    const seconds = of(name) ?? 0;
    return seconds > 0 ? seconds * 1_000 : undefined;
  };
  return [
    {
      ...{ device, errors, firstMs: time('first_error_time'), lastMs: time('last_error_time') },
      lastFunction: line(machine, `${EXT4}/${device}/last_error_func`) ?? '',
    },
  ];
}

const COUNTERS = ['write', 'read', 'flush', 'corruption', 'generation'] as const;

function btrfsDevices(machine: Machine, uuid: string): BtrfsDevice[] {
  const at = `${BTRFS}/${uuid}/devinfo`;
  const label = line(machine, `${BTRFS}/${uuid}/label`) ?? '';
  return machine
    .list(at)
    .slice(0, MAX)
    .map((id) => {
      // "write_errs 0" a line; the file may also say that statistics are not valid yet.
      const counters = parseCounters(machine.text(`${at}/${id}/error_stats`) ?? '');
      const of = (name: (typeof COUNTERS)[number]) => counters.get(`${name}_errs`) ?? 0;
      return {
        ...{
          uuid,
          label,
          id,
          missing: number(machine, `${at}/${id}/missing`) === 1,
          counted: counters.size > 0,
        },
        ...{ write: of('write'), read: of('read'), flush: of('flush') },
        ...{ corruption: of('corruption'), generation: of('generation') },
      };
    });
}

/**
 * Parses `btrfs device stats MOUNT`: "[/dev/sda].write_io_errs    0", five lines a device; with -T a row a device below the counters' names
 * ("Id Path Write errors Read errors Flush errors Corruption errors Generation errors").
 */
function parseBtrfsStats(uuid: string, text: string): BtrfsDevice[] {
  const devices = new Map<string, Map<string, number>>();
  for (const row of text.split('\n').slice(0, 5_000)) {
    const table = /^\s*\d{1,6}\s+(\S{1,200})\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(row);
    if (table?.[1]) {
      const counts = table.slice(2).map(Number);
      const names = ['write', 'read', 'flush', 'corruption', 'generation'];
      devices.set(table[1], new Map(names.map((name, index) => [name, counts[index] ?? 0])));
      continue;
    }
    const match = /^\[(.{1,200})\]\.(write|read|flush|corruption|generation)(?:_io)?_errs\s+(\d+)/.exec(row);
    if (!match?.[1] || !match[2]) continue;
    const counters = devices.get(match[1]) ?? new Map<string, number>();
    devices.set(match[1], counters.set(match[2], Number(match[3])));
  }
  return [...devices].map(([name, counters]) => {
    const of = (key: (typeof COUNTERS)[number]) => counters.get(key) ?? 0;
    return {
      ...{ uuid, label: '', id: name, missing: name.startsWith('devid:'), counted: true },
      ...{ write: of('write'), read: of('read'), flush: of('flush') },
      ...{ corruption: of('corruption'), generation: of('generation') },
    };
  });
}

function btrfsSpace(machine: Machine, uuid: string): BtrfsSpace {
  const of = (path: string) => number(machine, `${BTRFS}/${uuid}/${path}`) ?? 0;
  const devices = machine.list(`${BTRFS}/${uuid}/devices`);
  const kinds = ['data', 'metadata', 'system', 'mixed'];
  const total = of('allocation/metadata/total_bytes');
  const used = of('allocation/metadata/bytes_used') + of('allocation/global_rsv_reserved');
  return {
    uuid,
    label: line(machine, `${BTRFS}/${uuid}/label`) ?? '',
    size: devices.reduce((sum, name) => sum + of(`devices/${name}/size`) * 512, 0),
    allocated: kinds.reduce((sum, kind) => sum + of(`allocation/${kind}/disk_total`), 0),
    metadataUsedPercent: total > 0 ? Math.round((1_000 * used) / total) / 10 : 0,
  };
}

/** Errors on record. */
export const fileSystemErrors = fact({
  id: 'disk.file-system-errors',
  reads: [
    `/${EXT4}/*/{errors_count,*_error_*}`,
    `/${BTRFS}/*/{devinfo,allocation,devices}`,
    'btrfs device stats MOUNT, before Linux 5.14',
  ],
  limitMs: 5_000,
  read: async ({ machine, signal, get, part }): Promise<FileSystemErrors> => {
    const uuids = machine.list(BTRFS).filter((name) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name));
    const btrfs = uuids.slice(0, MAX).flatMap((uuid) => btrfsDevices(machine, uuid));
    const all = await get(mounts).catch(() => []);
    const paths = all.filter(({ type }) => type === 'btrfs').map(({ path }) => path);
    // Sysfs of an old kernel tells no errors: then the program is asked, which asks the kernel's memory too.
    if (paths.length > 0 && !btrfs.some(({ counted }) => counted))
      for (const path of paths.slice(0, 16)) {
        const saved = await part(`btrfs device stats ${path}`, () =>
          machine.run('btrfs', ['device', 'stats', path], { timeoutMs: 2_000, signal }),
        );
        btrfs.push(...parseBtrfsStats(path, saved?.stdout ?? ''));
      }
    // Where nothing else of them was saved; the words behind the command are the mount, where they are there.
    if (btrfs.length === 0)
      for (const { words, text } of machine.saved?.('btrfs device stats') ?? [])
        btrfs.push(...parseBtrfsStats(words.filter((word) => word.length > 1).join('/') || 'btrfs', text));
    if (!machine.live && btrfs.length === 0 && ![EXT4, BTRFS].some((folder) => machine.has(folder)))
      throw nothing(machine, '/sys/fs');
    return {
      ext4: machine
        .list(EXT4)
        .filter((name) => name !== 'features')
        .slice(0, MAX)
        .flatMap((device) => ext4(machine, device)),
      btrfs: btrfs.filter(({ counted, missing }) => counted || missing),
      btrfsSpaces: uuids.slice(0, MAX).map((uuid) => btrfsSpace(machine, uuid)),
    };
  },
});
