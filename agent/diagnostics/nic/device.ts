/** The device behind an interface: on which bus, what it is, who drives it. From sysfs alone, without asking the device. */

import { line, type Machine, number } from '../../host/machine.ts';
import { baseName, follow, isPciAddress, linkName, pciFolder } from './paths.ts';

/** A device. What is not known is left out. */
export interface Device {
  /** "pci", "usb", "virtio", "vmbus", "xen", "platform" … */
  readonly bus: string;
  /** "0000:3b:00.0", "1-3:1.0", "virtio0". */
  readonly address: string;
  /** The folder in /sys of the PCI function that it is or hangs on. */
  readonly pciFolder?: string;
  /** PCI or USB ids in four hexadecimal digits. */
  readonly vendor?: string;
  readonly device?: string;
  readonly subsystemVendor?: string;
  readonly subsystemDevice?: string;
  readonly driver?: string;
  readonly module?: string;
  readonly moduleVersion?: string;
  /** What the module taints the kernel with: "O" out of tree, "E" unsigned, "P" proprietary. */
  readonly moduleTaint?: string;
  /** The NUMA node that it is nearest to; undefined where the machine has none or does not tell. */
  readonly numaNode?: number;
  /** A function that a physical one lends out (SR-IOV), and how many are lent out. */
  readonly virtualFunction: boolean;
  readonly virtualFunctions?: number;
  /** Which port of the device the interface is, from 0. */
  readonly port?: number;
  readonly portName?: string;
}

function id(machine: Machine, path: string): string | undefined {
  const found = /^(?:0x)?([0-9a-f]{4})$/i.exec(line(machine, path) ?? '')?.[1];
  return found?.toLowerCase();
}

/** What is true of a value that is there. */
function told<T extends object>(parts: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The device of an interface with this folder; undefined where it has none. @throws Unavailable */
export function readDevice(machine: Machine, folder: string): Device | undefined {
  const at = folder.lastIndexOf('/net/');
  const link = machine.link(`${folder}/device`);
  const own = link === undefined ? undefined : follow(folder, link);
  const device = own ?? (at > 0 && folder.startsWith('sys/devices/') ? folder.slice(0, at) : undefined);
  if (device === undefined) return copiedDevice(machine, `${folder}/device`);
  if (/^sys\/devices\/virtual(?:\/|$)/.test(device)) return undefined;
  const pci = pciFolder(device);
  const address = baseName(device);
  const driver = linkName(machine, `${device}/driver`);
  const driverLink = machine.link(`${device}/driver`);
  const driverFolder = driverLink === undefined ? undefined : follow(device, driverLink);
  const module =
    (driverFolder && linkName(machine, `${driverFolder}/module`)) ??
    (driver && machine.has(`sys/module/${driver}`) ? driver : undefined);
  const ids = pci ?? usbFolder(device);
  const names = pci
    ? ['vendor', 'device', 'subsystem_vendor', 'subsystem_device']
    : ['idVendor', 'idProduct'];
  const [vendor, product, subsystemVendor, subsystemDevice] = names.map(
    (name) => ids && id(machine, `${ids}/${name}`),
  );
  const numa = number(machine, `${pci ?? device}/numa_node`);
  return {
    bus: busOf(machine, device, address),
    address,
    virtualFunction: machine.has(`${device}/physfn`),
    ...told<Device>({
      ...{ bus: undefined, address: undefined, virtualFunction: undefined, pciFolder: pci },
      ...{ vendor, device: product, subsystemVendor, subsystemDevice, driver, module },
      moduleVersion: module && line(machine, `sys/module/${module}/version`),
      moduleTaint: (module && line(machine, `sys/module/${module}/taint`)) || undefined,
      numaNode: numa === undefined || numa < 0 ? undefined : numa,
      virtualFunctions: (pci && number(machine, `${pci}/sriov_numvfs`)) || undefined,
      port: number(machine, `${folder}/dev_port`),
      portName: line(machine, `${folder}/phys_port_name`) || undefined,
    }),
  };
}

/** A device whose link was made a folder by who copied it (`cp -rL`): it tells of itself in its uevent. @throws Unavailable */
function copiedDevice(machine: Machine, folder: string): Device | undefined {
  const uevent = machine.text(`${folder}/uevent`);
  if (uevent === undefined) return undefined;
  const value = (name: string) => new RegExp(`^${name}=(\\S{1,64})\\r?$`, 'm').exec(uevent)?.[1];
  const driver = value('DRIVER');
  const address = value('PCI_SLOT_NAME') ?? '';
  if (driver === undefined && address === '') return undefined;
  const numa = number(machine, `${folder}/numa_node`);
  return {
    bus: isPciAddress(address) ? 'pci' : (/^(usb|virtio)/.exec(value('MODALIAS') ?? '')?.[1] ?? 'other'),
    address,
    virtualFunction: machine.has(`${folder}/physfn`),
    ...told<Device>({
      ...{ bus: undefined, address: undefined, virtualFunction: undefined },
      // The folder is all that there is of the function.
      pciFolder: isPciAddress(address) ? folder : undefined,
      vendor: id(machine, `${folder}/vendor`),
      device: id(machine, `${folder}/device`),
      subsystemVendor: id(machine, `${folder}/subsystem_vendor`),
      subsystemDevice: id(machine, `${folder}/subsystem_device`),
      driver,
      module: driver,
      numaNode: numa === undefined || numa < 0 ? undefined : numa,
      virtualFunctions: number(machine, `${folder}/sriov_numvfs`) || undefined,
    }),
  };
}

function busOf(machine: Machine, device: string, address: string): string {
  if (isPciAddress(address)) return 'pci';
  if (/^virtio\d+$/.test(address)) return 'virtio';
  return linkName(machine, `${device}/subsystem`) ?? (/^\d+-[\d.]+:/.test(address) ? 'usb' : 'other');
}

/** The folder of a USB device: an interface of one stands in a folder "1-3:1.0" below it. */
function usbFolder(device: string): string | undefined {
  return /\/\d+-[\d.]+:[\d.]+$/.test(device) ? device.slice(0, device.lastIndexOf('/')) : undefined;
}
