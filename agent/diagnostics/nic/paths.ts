/** Folders of interfaces and devices in /sys, found by what links say, so that captured and simulated machines answer alike. */

import type { Machine } from '../../host/machine.ts';

/** "0000:3b:00.0", also with the longer domains of VMD. */
const PCI_ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/** Whether a name is a PCI address. */
export function isPciAddress(name: string): boolean {
  return PCI_ADDRESS.test(name);
}

/** A link's target as a path, taken from the folder that the link is in; undefined where it leads above the root. */
export function follow(folder: string, target: string): string | undefined {
  const parts = target.startsWith('/') ? [] : folder.split('/');
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Where an interface's folder really is; the class folder where that is no link. */
export function interfaceFolder(machine: Machine, name: string): string {
  const target = machine.link(`sys/class/net/${name}`);
  return (target && follow('sys/class/net', target)) || `sys/class/net/${name}`;
}

/** What a link in a folder points at, by its last part: the driver of a device, the master of an interface. */
export function linkName(machine: Machine, path: string): string | undefined {
  const target = machine.link(path);
  return target === undefined ? undefined : baseName(target);
}

/** The PCI function that a device's folder is, or stands below. */
export function pciFolder(folder: string): string | undefined {
  const parts = folder.split('/');
  const at = parts.findLastIndex(isPciAddress);
  return at < 0 ? undefined : parts.slice(0, at + 1).join('/');
}

/** The PCI port that a function hangs on. */
export function parentPort(pci: string): string | undefined {
  const parent = pci.slice(0, pci.lastIndexOf('/'));
  return isPciAddress(baseName(parent)) ? parent : undefined;
}
