/** Block devices, by /sys/block and /proc/diskstats. Nothing here asks a device: all of it is in the kernel's memory. */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { type DiskStats, parseDiskStats } from './disk-stats.ts';

const MAX_DEVICES = 2_048;
const MAX_PARTITIONS = 128;
const PORTION = 32;
const SECTOR = 512;

/** What a block device is, by its name. */
export type DeviceKind =
  | 'nvme'
  | 'scsi'
  | 'virtio'
  | 'xen'
  | 'mmc'
  | 'dasd'
  | 'pmem'
  | 'md'
  | 'dm'
  | 'bcache'
  | 'zvol'
  | 'loop'
  | 'zram'
  | 'network'
  | 'other';

const KINDS: readonly (readonly [RegExp, DeviceKind])[] = [
  [/^nvme\d+n\d+$/, 'nvme'],
  [/^(sd|hd)[a-z]+$/, 'scsi'],
  [/^vd[a-z]+$/, 'virtio'],
  [/^xvd[a-z]+$/, 'xen'],
  [/^mmcblk\d+$/, 'mmc'],
  [/^dasd[a-z]+$/, 'dasd'],
  [/^pmem\d/, 'pmem'],
  [/^md(_|\d)/, 'md'],
  [/^dm-\d+$/, 'dm'],
  [/^bcache\d+$/, 'bcache'],
  [/^zd\d+$/, 'zvol'],
  [/^loop\d+$/, 'loop'],
  [/^zram\d+$/, 'zram'],
  [/^(nbd|rbd|drbd)\d+/, 'network'],
];

/** Kinds that are hardware, or a hypervisor's stand-in for it. */
const HARDWARE: readonly DeviceKind[] = ['nvme', 'scsi', 'virtio', 'xen', 'mmc', 'dasd', 'pmem'];

/** A partition. */
export interface Partition {
  readonly name: string;
  /** Bytes by which its beginning is off the device's physical blocks; 0 is right. */
  readonly misalignment: number;
}

/** A block device. */
export interface Device {
  readonly name: string;
  readonly kind: DeviceKind;
  /** A disk, real or virtual; not something that is made of other devices. */
  readonly disk: boolean;
  readonly bytes: number;
  /** Whether the kernel's word on its size is there: of a captured machine people keep a few files. */
  readonly sized: boolean;
  /** The kernel says that it has no capacity. */
  readonly empty: boolean;
  readonly rotational: boolean;
  readonly removable: boolean;
  readonly readOnly: boolean;
  /** "SAMSUNG MZQL21T9HCJR-00A07", with the vendor where the model does not say it; empty where it is not told. */
  readonly model: string;
  readonly firmware: string;
  /** SCSI: "running", "offline", "blocked"; NVMe: "live", "resetting", "dead"; empty where there is no such thing. */
  readonly state: string;
  /** Requests that failed or ran out of time since the device was found; undefined where the driver does not count them. */
  readonly ioErrors: number | undefined;
  readonly ioTimeouts: number | undefined;
  /** The I/O scheduler in use: "none", "mq-deadline", "bfq"; empty where there is none. */
  readonly scheduler: string;
  /** Whether blocks that are no longer used can be told to it (TRIM). */
  readonly discard: boolean;
  /** Devices that it is made of, and what is made of it. */
  readonly slaves: readonly string[];
  readonly holders: readonly string[];
  /** Device mapper: its name and the kind of target by its UUID ("LVM-…", "mpath-…", "CRYPT-…"); else empty. */
  readonly dmName: string;
  readonly dmUuid: string;
  readonly partitions: readonly Partition[];
  readonly stats: DiskStats | undefined;
}

function kindOf(name: string): DeviceKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** Whether a name is one of a disk, real or virtual: "sda", "nvme0n1". */
export function isDisk(name: string): boolean {
  return HARDWARE.includes(kindOf(name));
}

function modelOf(machine: Machine, at: string): string {
  const model = line(machine, `${at}/device/model`) ?? line(machine, `${at}/device/name`) ?? '';
  const vendor = line(machine, `${at}/device/vendor`) ?? '';
  // Disks behind a SATA translation have the vendor "ATA"; virtio has a number.
  const plain = vendor === '' || vendor === 'ATA' || vendor.startsWith('0x') || model.startsWith(vendor);
  return (plain ? model : `${vendor} ${model}`).replace(/\s+/g, ' ').trim();
}

function partitionsOf(machine: Machine, name: string, names: readonly string[]): Partition[] {
  return names
    .filter((one) => one !== name && one.startsWith(name) && /^p?\d+$/.test(one.slice(name.length)))
    .slice(0, MAX_PARTITIONS)
    .map((one) => ({
      name: one,
      misalignment: number(machine, `sys/block/${name}/${one}/alignment_offset`) ?? 0,
    }));
}

function readDevice(
  machine: Machine,
  name: string,
  stats: ReadonlyMap<string, DiskStats>,
  sizes: ReadonlyMap<string, number>,
): Device {
  const at = `sys/block/${name}`;
  const kind = kindOf(name);
  const hardware = HARDWARE.includes(kind);
  const names = machine.list(at);
  const own = (path: string) => number(machine, `${at}/${path}`) ?? 0;
  const scheduler = line(machine, `${at}/queue/scheduler`) ?? '';
  return {
    name,
    kind,
    disk: hardware && own('hidden') === 0,
    bytes: names.includes('size') ? own('size') * SECTOR : (sizes.get(name) ?? 0),
    sized: names.includes('size'),
    empty: names.includes('size') && own('size') === 0,
    rotational: own('queue/rotational') === 1,
    removable: own('removable') === 1,
    readOnly: own('ro') === 1,
    model: hardware ? modelOf(machine, at) : '',
    firmware: hardware
      ? (line(machine, `${at}/device/firmware_rev`) ?? line(machine, `${at}/device/rev`) ?? '')
      : '',
    state: hardware ? (line(machine, `${at}/device/state`) ?? '') : '',
    ioErrors: hardware ? number(machine, `${at}/device/ioerr_cnt`) : undefined,
    ioTimeouts: hardware ? number(machine, `${at}/device/iotmo_cnt`) : undefined,
    scheduler: /\[([^\]]+)\]/.exec(scheduler)?.[1] ?? scheduler.split(' ')[0] ?? '',
    discard: own('queue/discard_max_bytes') > 0,
    slaves: names.includes('slaves') ? machine.list(`${at}/slaves`) : [],
    holders: names.includes('holders') ? machine.list(`${at}/holders`) : [],
    dmName: kind === 'dm' ? (line(machine, `${at}/dm/name`) ?? '') : '',
    dmUuid: kind === 'dm' ? (line(machine, `${at}/dm/uuid`) ?? '') : '',
    partitions: hardware ? partitionsOf(machine, name, names) : [],
    stats: stats.get(name),
  };
}

/** Sizes in bytes by /proc/partitions ("major minor #blocks name"), for captured machines without /sys/block. */
function sizesOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of text.split('\n').slice(0, 20_000)) {
    const [, , blocks, name] = row.trim().split(/\s+/);
    if (name !== undefined && /^\d+$/.test(blocks ?? '')) found.set(name, Number(blocks) * 1_024);
  }
  return found;
}

/** Block devices that have a size, loop and memory devices left out; disks of no size are kept, since that is a trouble. */
export const devices = fact({
  id: 'disk.devices',
  reads: [
    '/sys/block/*/{size,ro,device/*,queue/*,slaves,holders,dm/*}',
    '/proc/diskstats',
    '/proc/partitions',
  ],
  limitMs: 3_000,
  read: async ({ machine, problem }): Promise<readonly Device[]> => {
    const sizes = sizesOf(machine.text('proc/partitions') ?? '');
    const listed = machine.list('sys/block');
    const names = (
      listed.length > 0 ? listed : [...sizes.keys()].filter((name) => kindOf(name) !== 'other')
    ).filter((name) => !/^(loop|ram|zram|fd|sr)\d/.test(name));
    if (names.length === 0) throw nothing(machine, 'block devices (/sys/block)');
    if (names.length > MAX_DEVICES)
      problem({
        what: '/sys/block',
        kind: 'failed',
        why: `of ${names.length} block devices only the first ${MAX_DEVICES} were read`,
      });
    const stats = parseDiskStats(machine.text('proc/diskstats') ?? '');
    const found: Device[] = [];
    for (const [at, name] of names.slice(0, MAX_DEVICES).entries()) {
      // A shelf of hundreds of disks takes a while: others have their turn in between.
      if (at % PORTION === PORTION - 1) await new Promise((resolve) => setImmediate(resolve));
      const one = readDevice(machine, name, stats, sizes);
      if (!one.empty || (one.disk && !one.removable)) found.push(one);
    }
    return found;
  },
});

/** What findings on a disk say of it: its model is its hardware, its firmware may tell the sick from the healthy. */
export function diskSubject(device: Pick<Device, 'name' | 'model' | 'firmware'>): {
  kind: string;
  name: string;
  hardware?: string;
  attributes: Record<string, string>;
} {
  const { name, model, firmware } = device;
  return {
    kind: 'disk',
    name,
    ...(model === '' ? {} : { hardware: model }),
    attributes: { ...(model === '' ? {} : { model }), ...(firmware === '' ? {} : { firmware }) },
  };
}

/** Disks of this machine, real or virtual. */
export function disksOf(all: readonly Device[]): Device[] {
  return all.filter(({ disk }) => disk);
}
