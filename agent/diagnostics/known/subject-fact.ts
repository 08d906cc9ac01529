/** Reads of a machine what known troubles look at. Devices are read from /sys; a NIC's firmware is told by its driver. */

import { line, type Machine, number } from '../../host/machine.ts';
import { type Device as BlockDevice, devices as blockDevices } from '../disk/devices.ts';
import { allMounts } from '../disk/mounts.ts';
import { fact } from '../fact.ts';
import { commandLine } from '../kernel/command-line.ts';
import { hardware, kernelIdentity } from '../kernel/identity.ts';
import { limits } from '../kernel/limits.ts';
import { modules } from '../kernel/modules.ts';
import { processors } from '../kernel/processor.ts';
import { nicDrivers } from '../nic/ethtool-facts.ts';
import { type Interface, nicInterfaces } from '../nic/interfaces.ts';
import type { SubjectDevice, TroubleSubject } from './subject.ts';
import type { Feature } from './trouble.ts';

/** Most machines have a dozen; one with 500 VLANs has no more real ones. */
const MAX_DEVICES = 256;

/** The machine as known troubles see it. */
export const troubleSubject = fact({
  id: 'known.subject',
  reads: [
    ...nicInterfaces.reads,
    ...nicDrivers.reads,
    '/sys/class/nvme',
    '/sys/class/scsi_host',
    ...blockDevices.reads,
    ...allMounts.reads,
    '/sys/module',
    '/proc/uptime',
    '/lib/firmware',
  ],
  limitMs: 8_000,
  read: async ({ machine, get, part }): Promise<TroubleSubject> => {
    const kernel = await get(kernelIdentity);
    const maybe = <T>(value: Promise<T>) => value.catch(() => undefined);
    const [cpus, words, hardwareOf, loaded, use] = await Promise.all([
      maybe(get(processors)),
      maybe(get(commandLine)),
      maybe(get(hardware)),
      maybe(get(modules)),
      maybe(get(limits)),
    ]);
    const [interfaces = [], blocks, mounted] = await Promise.all([
      maybe(get(nicInterfaces)),
      maybe(get(blockDevices)),
      maybe(get(allMounts)),
    ]);
    // Without a NIC there is nothing to ask; a captured machine may have nothing but what ethtool said.
    const anyNic = interfaces.some(({ device, name }) => device ?? hasDevice(machine, name));
    const drivers = anyNic || !machine.live ? await maybe(get(nicDrivers)) : undefined;
    const hosts = await part('/sys/class/scsi_host', () => [
      ...nvmeDevices(machine),
      ...controllers(machine),
    ]);
    const uptime = Number(/^\d+(?:\.\d+)?/.exec(line(machine, 'proc/uptime') ?? '')?.[0] ?? Number.NaN);
    return {
      kernel,
      devices: [...nicDevices(machine, interfaces, drivers), ...(hosts ?? []), ...diskDevices(blocks ?? [])],
      modules: moduleVersions(machine, loaded),
      filesystems: mounted && new Set(mounted.map(({ type }) => type)),
      cpu: cpus && {
        vendor: cpus.vendor,
        family: cpus.family,
        model: cpus.model,
        microcode: cpus.microcode[0]?.revision,
      },
      virtualisation: hardwareOf?.virtualisation,
      features: features(machine, use, interfaces),
      uptimeDays: Number.isFinite(uptime) ? uptime / 86_400 : undefined,
      parameters: new Set(
        words?.parameters.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)),
      ),
      hasFirmware: (name) => hasFirmware(machine, name),
    };
  },
});

function pciOf(machine: Machine, device: string): string {
  const id = (name: string) =>
    /^0x([0-9a-f]{4})$/i.exec(line(machine, `${device}/${name}`) ?? '')?.[1]?.toLowerCase();
  const [vendor, model] = [id('vendor'), id('device')];
  return vendor && model ? `${vendor}:${model}` : '';
}

function hasDevice(machine: Machine, name: string): boolean {
  return machine.has(`sys/class/net/${name}/device`);
}

/** Interfaces with a device: what ethtool told of them counts before what /sys has. */
function nicDevices(
  machine: Machine,
  interfaces: readonly Interface[],
  drivers: ReadonlyMap<string, { driver?: string; firmware?: string }> | undefined,
): SubjectDevice[] {
  return interfaces
    .filter(
      ({ device, name }) =>
        device !== undefined || drivers?.get(name)?.driver !== undefined || hasDevice(machine, name),
    )
    .slice(0, MAX_DEVICES)
    .map(({ name, device, mtu }) => {
      const told = drivers?.get(name);
      // In a capture that followed links the device is a folder.
      const at = `sys/class/net/${name}/device`;
      const ids = device?.vendor && device.device ? `${device.vendor}:${device.device}` : pciOf(machine, at);
      const bound = device?.driver ?? machine.link(`${at}/driver`)?.split('/').at(-1);
      return {
        ...{ kind: 'nic', name, pci: ids, model: '', mtu, firmware: told?.firmware },
        driver: told?.driver ?? bound ?? '',
      };
    });
}

function nvmeDevices(machine: Machine): SubjectDevice[] {
  return machine
    .list('sys/class/nvme')
    .slice(0, MAX_DEVICES)
    .map((name) => {
      const at = `sys/class/nvme/${name}`;
      return {
        ...{ kind: 'disk', name, driver: 'nvme', pci: pciOf(machine, `${at}/device`), mtu: undefined },
        // The driver keeps both from when it found the controller.
        ...{ model: line(machine, `${at}/model`) ?? '', firmware: line(machine, `${at}/firmware_rev`) },
      };
    });
}

/** Host bus adapters and RAID controllers: the parents of SCSI hosts. */
function controllers(machine: Machine): SubjectDevice[] {
  return machine
    .list('sys/class/scsi_host')
    .slice(0, MAX_DEVICES)
    .map((name) => {
      const at = `sys/class/scsi_host/${name}`;
      const firmware = line(machine, `${at}/version_fw`) ?? line(machine, `${at}/firmware_revision`);
      return {
        ...{
          kind: 'controller',
          name,
          driver: line(machine, `${at}/proc_name`) ?? '',
          pci: pciOf(machine, `${at}/device/..`),
        },
        ...{
          model: line(machine, `${at}/board_name`) ?? line(machine, `${at}/model_name`) ?? '',
          firmware,
          mtu: undefined,
        },
      };
    });
}

/** Disks behind SCSI, SAS and SATA; NVMe is read by controller. */
function diskDevices(blocks: readonly BlockDevice[]): SubjectDevice[] {
  return blocks
    .filter(({ kind }) => kind === 'scsi')
    .slice(0, MAX_DEVICES)
    .map(({ name, model, firmware }) => ({
      ...{ kind: 'disk', name, driver: 'sd', pci: '', model, mtu: undefined },
      firmware: firmware === '' ? undefined : firmware,
    }));
}

/** Loaded and built-in modules with their versions; built-in ones show only where they have parameters. */
function moduleVersions(
  machine: Machine,
  loaded: ReadonlyMap<string, unknown> | undefined,
): ReadonlyMap<string, string> | undefined {
  const names = [...machine.list('sys/module'), ...(loaded?.keys() ?? [])];
  if (names.length === 0) return undefined;
  return new Map(names.map((name) => [name, versionOf(machine, name)]));
}

/** Only modules that come from outside of the kernel have versions of their own worth reading. */
function versionOf(machine: Machine, name: string): string {
  return /^(?:zfs|spl|nvidia|drbd|wireguard|r8168|r8125|openvswitch)$/.test(name)
    ? (line(machine, `sys/module/${name}/version`) ?? '')
    : '';
}

function features(
  machine: Machine,
  use: { containers: boolean; cgroup: string } | undefined,
  interfaces: readonly Interface[],
): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  if (use?.containers) found.add('containers');
  // In the hybrid set-up controllers are on the first hierarchy, the second is systemd's alone.
  if (use?.cgroup === '1' || use?.cgroup === 'hybrid') found.add('cgroup-v1');
  if (number(machine, 'sys/kernel/kexec_crash_loaded') === 1) found.add('crash-kernel');
  if (interfaces.some(({ device }) => (device?.virtualFunctions ?? 0) > 0)) found.add('sriov');
  return found;
}

const FIRMWARE = ['lib/firmware', 'usr/lib/firmware', 'lib/firmware/updates'];

function hasFirmware(machine: Machine, name: string): boolean | undefined {
  if (!FIRMWARE.some((folder) => machine.has(folder))) return undefined;
  return FIRMWARE.some((folder) =>
    ['', '.xz', '.zst'].some((ending) => machine.has(`${folder}/${name}${ending}`)),
  );
}
