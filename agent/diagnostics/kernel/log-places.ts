/**
 * What the kernel's names in its log stand for on this machine: "ata3.00", "2:0:0:0" and "sda1" are the disk sda, "dm-0" is
 * what is mounted at /var, "0000:3b:00.0" is eth0. Findings from the log are then about the same things as all others.
 */

import { type Machine, number } from '../../host/machine.ts';
import { devices, diskSubject } from '../disk/devices.ts';
import { mounts } from '../disk/mounts.ts';
import { fact } from '../fact.ts';
import type { Subject } from '../finding.ts';
import { nicIdentities, nicSubject } from '../nic/identity.ts';
import { isPciAddress } from '../nic/paths.ts';
import { kernelLog } from '../signatures/facts.ts';
import type { DeviceKind } from '../signatures/signature.ts';
import type { Group } from '../signatures/tally.ts';

/** Gives the subject of what was found of one device. */
export type SubjectOf = (group: Pick<Group, 'signature' | 'device' | 'driver' | 'bus'>) => Subject;

const MAX_NAMES = 2_048;

/** Kinds of subjects as the other areas call them. */
const KINDS: Readonly<Partial<Record<DeviceKind, string>>> = { array: 'raid', clock: 'clocksource' };

/** What names in the log stand for. */
export const logPlaces = fact({
  id: 'kernel.log-places',
  reads: ['/sys/block', '/sys/class/net/*/device', '/proc/self/mountinfo', '/sys/bus/pci/devices'],
  limitMs: 12_000,
  read: async ({ machine, get }): Promise<SubjectOf> => {
    const kinds = new Set((await get(kernelLog)).groups.map(({ signature }) => signature.device));
    // Most logs tell of no trouble, and then nothing of this is asked for.
    const where = async <T>(wanted: boolean, read: () => Promise<T>, none: T): Promise<T> =>
      wanted ? read().catch(() => none) : none;
    const stored = kinds.has('disk') || kinds.has('filesystem');
    const [disks, mounted, identities] = await Promise.all([
      where(stored, () => get(devices), []),
      where(kinds.has('filesystem'), () => get(mounts), []),
      where(kinds.has('nic'), () => get(nicIdentities), new Map<string, never>()),
    ]);
    const paths = new Map(
      machine
        .list('sys/block')
        .slice(0, MAX_NAMES)
        .map((name) => [name, `${machine.link(`sys/block/${name}`) ?? ''}/`]),
    );
    const cards = new Map(
      machine
        .list('sys/class/net')
        .slice(0, MAX_NAMES)
        .flatMap((name) => {
          const target = machine.link(`sys/class/net/${name}/device`);
          const address = target?.slice(target.lastIndexOf('/') + 1);
          return address !== undefined && isPciAddress(address) ? [[address, name] as const] : [];
        }),
    );
    const sources = new Map(mounted.map((mount) => [sourceName(mount.source, disks), mount]));

    const disk = (device: string): Subject => {
      // What is said of a drive that is gone, under either of its names, is of one disk.
      const name = diskOf(device, paths) ?? device.replace(/^nvme\d+$/, '$&n1');
      const known = disks.find((one) => one.name === name);
      return known ? diskSubject(known) : { kind: 'disk', name };
    };
    const fileSystem = (device: string): Subject => {
      const mount = sources.get(device) ?? mounted.find(({ path }) => path === device);
      if (!mount) return { kind: 'filesystem', name: device };
      const { path, type, source } = mount;
      return { kind: 'filesystem', name: path, attributes: { type, source: source.slice(0, 120) } };
    };
    const pci = (address: string, driver: string | undefined): Subject => ({
      ...{ kind: 'pci', name: address, hardware: idsOf(machine, address) },
      ...(driver === undefined ? {} : { attributes: { driver } }),
    });

    return ({ signature: { device: kind }, device, driver, bus }) => {
      if (kind === 'node' || device === undefined) return { kind: 'node', name: '' };
      if (kind === 'nic') return nicOf(cards.get(device) ?? device, driver, identities);
      if (kind === 'disk') return disk(device);
      if (kind === 'filesystem') return fileSystem(device);
      if (kind === 'pci') return pci(isPciAddress(device) ? device : (bus ?? device), driver);
      return { kind: KINDS[kind] ?? kind, name: device };
    };
  },
});

function nicOf(
  name: string,
  driver: string | undefined,
  identities: Parameters<typeof nicSubject>[1],
): Subject {
  const subject = nicSubject(name, identities);
  return driver === undefined ? subject : { ...subject, attributes: { driver, ...subject.attributes } };
}

function idsOf(machine: Machine, address: string): string {
  if (!isPciAddress(address)) return '';
  const id = (file: string) =>
    number(machine, `sys/bus/pci/devices/${address}/${file}`)?.toString(16).padStart(4, '0');
  const [vendor, device] = [id('vendor'), id('device')];
  return vendor && device ? `${vendor}:${device}` : '';
}

/** The disk that a name is about. @param paths where each disk is in /sys/devices */
export function diskOf(device: string, paths: ReadonlyMap<string, string>): string | undefined {
  if (paths.has(device)) return device;
  const names = [...paths.keys()];
  const whole = names.find(
    (name) => device.startsWith(name) && /^p?\d{1,3}$/.test(device.slice(name.length)),
  );
  if (whole !== undefined) return whole;
  const ata = /^(ata\d+)(?:\.\d+)?$/.exec(device)?.[1];
  const below = (part: string) => names.find((name) => paths.get(name)?.includes(`/${part}/`));
  if (ata !== undefined) return below(ata);
  if (/^\d+:\d+:\d+:\d+$/.test(device)) return below(device);
  if (/^nvme\d+$/.test(device)) return below(device) ?? names.find((name) => name === `${device}n1`);
  if (!isPciAddress(device)) return undefined;
  const behind = names.filter((name) => paths.get(name)?.includes(`/${device}/`));
  return behind.length === 1 ? behind[0] : undefined;
}

/** "/dev/sda1" → "sda1"; "/dev/mapper/vg-var" → "dm-0": what the kernel's log calls it. */
function sourceName(source: string, disks: readonly { name: string; dmName: string }[]): string {
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(source)?.[1];
  return (
    disks.find(({ dmName }) => mapped !== undefined && dmName === mapped)?.name ??
    source.replace(/^\/dev\//, '')
  );
}
