/** Network devices on the PCI bus to which no driver is bound. */

import { line, type Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { parseUnbound } from './unbound-lspci.ts';

/** A device without a driver. */
export interface UnboundDevice {
  readonly address: string;
  /** "8086:1592" */
  readonly ids: string;
  /** The modules that would serve it, where lspci told them. */
  readonly module?: string;
}

/** PCI class 02: network controllers (PCI Code and ID Assignment Specification). */
const NETWORK = /^0x02/;
const MAX_DEVICES = 4_096;

function id(machine: Machine, path: string): string {
  return (line(machine, path) ?? '').replace(/^0x/, '').slice(0, 4);
}

/** All of them; functions that are lent out and wait for a guest are none. */
export const nicUnbound = fact({
  id: 'nic.unbound',
  reads: ['/sys/bus/pci/devices/*/class', 'lspci -k, on a captured machine'],
  limitMs: 3_000,
  read: ({ machine }): readonly UnboundDevice[] => {
    const bus = 'sys/bus/pci/devices';
    const devices = machine.list(bus);
    if (!devices.some((address) => machine.has(`${bus}/${address}/class`))) {
      const told = (machine.saved?.('lspci') ?? []).map(({ text }) => parseUnbound(text)).find(Boolean);
      if (told) return told;
    }
    if (devices.length === 0) throw nothing(machine, 'PCI bus');
    return devices.slice(0, MAX_DEVICES).flatMap((address) => {
      const at = `${bus}/${address}`;
      if (
        !NETWORK.test(line(machine, `${at}/class`) ?? '') ||
        machine.has(`${at}/driver`) ||
        machine.has(`${at}/physfn`)
      )
        return [];
      return [{ address, ids: `${id(machine, `${at}/vendor`)}:${id(machine, `${at}/device`)}` }];
    });
  },
});
