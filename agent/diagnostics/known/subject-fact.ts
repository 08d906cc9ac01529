/** Reads of a machine what known troubles look at. Devices are read from /sys; a NIC's firmware is told by its driver. */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { commandLine } from '../kernel/command-line.ts';
import { hardware, kernelIdentity } from '../kernel/identity.ts';
import { limits } from '../kernel/limits.ts';
import { modules } from '../kernel/modules.ts';
import { processors } from '../kernel/processor.ts';
import type { SubjectDevice, TroubleSubject } from './subject.ts';
import type { Feature } from './trouble.ts';

/** Most machines have a dozen; one with 500 VLANs has no more real ones. */
const MAX_DEVICES = 256;
/** Firmware is asked for of as many NICs: each costs a process. */
const MAX_ASKED = 32;

/** The machine as known troubles see it. */
export const troubleSubject = fact({
  id: 'known.subject',
  reads: [
    '/sys/class/net/*/device',
    '/sys/class/nvme',
    '/sys/class/scsi_host',
    '/sys/block/*/device/model',
    '/sys/module',
    '/proc/mounts',
    '/proc/uptime',
    '/lib/firmware',
    'ethtool -i IFACE',
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
    const nics = (await part('/sys/class/net', () => networkDevices(machine))) ?? [];
    const disks =
      (await part('/sys/class/nvme', () => [
        ...nvmeDevices(machine),
        ...controllers(machine),
        ...blockDevices(machine),
      ])) ?? [];
    const firmware = await part('ethtool -i', () => firmwareOf(machine, nics));
    const uptime = Number(/^\d+(?:\.\d+)?/.exec(line(machine, 'proc/uptime') ?? '')?.[0] ?? Number.NaN);
    return {
      kernel,
      devices: [...nics.map((nic) => ({ ...nic, firmware: firmware?.get(nic.name) })), ...disks],
      modules: moduleVersions(machine, loaded),
      filesystems: filesystems(machine),
      cpu: cpus && {
        vendor: cpus.vendor,
        family: cpus.family,
        model: cpus.model,
        microcode: cpus.microcode[0]?.revision,
      },
      virtualisation: hardwareOf?.virtualisation,
      features: features(machine, use),
      uptimeDays: Number.isFinite(uptime) ? uptime / 86_400 : undefined,
      parameters: new Set(
        words?.parameters.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)),
      ),
      hasFirmware: (name) => hasFirmware(machine, name),
    };
  },
});

/** The driver that a device is bound to: the last step of its link. */
function driverOf(machine: Machine, device: string): string {
  return machine.link(`${device}/driver`)?.split('/').at(-1) ?? '';
}

function pciOf(machine: Machine, device: string): string {
  const id = (name: string) =>
    /^0x([0-9a-f]{4})$/i.exec(line(machine, `${device}/${name}`) ?? '')?.[1]?.toLowerCase();
  const [vendor, model] = [id('vendor'), id('device')];
  return vendor && model ? `${vendor}:${model}` : '';
}

function networkDevices(machine: Machine): SubjectDevice[] {
  return machine
    .list('sys/class/net')
    .filter((name) => machine.has(`sys/class/net/${name}/device`))
    .slice(0, MAX_DEVICES)
    .map((name) => {
      const device = `sys/class/net/${name}/device`;
      return {
        ...{ kind: 'nic', name, driver: driverOf(machine, device), pci: pciOf(machine, device), model: '' },
        ...{ firmware: undefined, mtu: number(machine, `sys/class/net/${name}/mtu`) },
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

/** Disks behind SCSI, SAS and SATA: vendor and model as they told them when they were found. */
function blockDevices(machine: Machine): SubjectDevice[] {
  return machine
    .list('sys/block')
    .filter((name) => /^sd/.test(name))
    .slice(0, MAX_DEVICES)
    .map((name) => {
      const at = `sys/block/${name}/device`;
      return {
        ...{ kind: 'disk', name, driver: 'sd', pci: '', mtu: undefined },
        ...{ model: line(machine, `${at}/model`) ?? '', firmware: line(machine, `${at}/rev`) },
      };
    });
}

/** Firmware of NICs by name, as their drivers tell it. Interfaces of one adapter have the same, but each is asked. */
async function firmwareOf(machine: Machine, nics: readonly SubjectDevice[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, driver } of nics.slice(0, MAX_ASKED)) {
    if (driver === '' || /^virtio|^veth|^xen|^hv_/.test(driver)) continue;
    const { stdout } = await machine.run('ethtool', ['-i', name], { timeoutMs: 2_000 });
    const version = /^firmware-version:[ \t]*(\S.*)$/m.exec(stdout)?.[1]?.trim();
    if (version && version !== 'N/A') found.set(name, version);
  }
  return found;
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

function filesystems(machine: Machine): ReadonlySet<string> | undefined {
  const text =
    machine.text('proc/mounts') ?? machine.text('proc/self/mounts') ?? machine.text('proc/1/mounts');
  return text === undefined ? undefined : new Set(text.split('\n').flatMap((row) => row.split(' ')[2] ?? []));
}

function features(
  machine: Machine,
  use: { containers: boolean; cgroup: string } | undefined,
): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  if (use?.containers) found.add('containers');
  if (use?.cgroup === '1') found.add('cgroup-v1');
  if (number(machine, 'sys/kernel/kexec_crash_loaded') === 1) found.add('crash-kernel');
  const virtual = (name: string) => (number(machine, `sys/class/net/${name}/device/sriov_numvfs`) ?? 0) > 0;
  if (machine.list('sys/class/net').slice(0, MAX_DEVICES).some(virtual)) found.add('sriov');
  return found;
}

const FIRMWARE = ['lib/firmware', 'usr/lib/firmware', 'lib/firmware/updates'];

function hasFirmware(machine: Machine, name: string): boolean | undefined {
  if (!FIRMWARE.some((folder) => machine.has(folder))) return undefined;
  return FIRMWARE.some((folder) =>
    ['', '.xz', '.zst'].some((ending) => machine.has(`${folder}/${name}${ending}`)),
  );
}
