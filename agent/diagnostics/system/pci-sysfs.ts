/**
 * Devices of the PCI bus as /sys tells of them (Documentation/ABI/testing/sysfs-bus-pci and sysfs-bus-pci-devices-aer_stats), of captured
 * machines: how fast their links are, and the errors that the kernel counted.
 */

import { line, type Machine } from '../../host/machine.ts';
import type { PciDevice, PciLink } from './pci-devices.ts';

const BUS = 'sys/bus/pci/devices';
const MAX_DEVICES = 2_048;
/** Classes of devices, as lspci names them. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^0x0108/, 'Non-Volatile memory controller'],
  [/^0x0104/, 'RAID bus controller'],
  [/^0x0106/, 'SATA controller'],
  [/^0x0107/, 'Serial Attached SCSI controller'],
  [/^0x01/, 'Mass storage controller'],
  [/^0x0207/, 'Infiniband controller'],
  [/^0x02/, 'Network controller'],
  [/^0x03/, 'VGA compatible controller'],
  [/^0x0604/, 'PCI bridge'],
  [/^0x0c04/, 'Fibre Channel'],
  [/^0x12/, 'Processing accelerators'],
];
/** What looking for devices counts at boot, and sums of all. */
const PASSED =
  /^(?:UnsupReq|UnxCmplt|ACSViol|NonFatalErr|AdvNonFatalErr|Unsupported Request|Unexpected Completion|ACS Violation|Advisory Non-Fatal|TOTAL)/;

/** Devices of which a link or a count of errors is told. */
export function sysfsPciDevices(machine: Machine): PciDevice[] {
  const folders = machine.list(BUS).map((address) => [address, `${BUS}/${address}`] as const);
  // What somebody printed by way of the interface or the drive.
  const others = ['net', 'nvme', 'infiniband'].flatMap((kind) =>
    machine.list(`sys/class/${kind}`).map((name) => [name, `sys/class/${kind}/${name}/device`] as const),
  );
  return [...folders, ...others]
    .slice(0, MAX_DEVICES)
    .flatMap(([name, folder]) => deviceOf(machine, name, folder) ?? []);
}

function deviceOf(machine: Machine, address: string, folder: string): PciDevice | undefined {
  const code = line(machine, `${folder}/class`) ?? '';
  const corrected = countsIn(machine.text(`${folder}/aer_dev_correctable`));
  const fatal = [
    ...(countsIn(machine.text(`${folder}/aer_dev_fatal`)) ?? []),
    ...(countsIn(machine.text(`${folder}/aer_dev_nonfatal`)) ?? []),
  ];
  const counted = ['correctable', 'fatal', 'nonfatal'].some((kind) =>
    machine.has(`${folder}/aer_dev_${kind}`),
  );
  const [can, runs] = [linkOf(machine, folder, 'max'), linkOf(machine, folder, 'current')];
  if (!counted && !(can && runs)) return undefined;
  const words = (all: readonly (readonly [string, number])[]) =>
    all.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  return {
    address: address.replace(/^0000:/, ''),
    ...{ type: TYPES.find(([pattern]) => pattern.test(code))?.[1] ?? '', name: '', can, runs },
    bus: undefined,
    fatal: words(fatal),
    corrected: words(corrected ?? []),
    correctedCount: (corrected ?? []).reduce((sum, [, count]) => sum + count, 0),
    counted,
  };
}

/** "8.0 GT/s PCIe" and "16"; undefined where nothing is behind, or it is not told. */
function linkOf(machine: Machine, folder: string, which: 'max' | 'current'): PciLink | undefined {
  const speed = Number(
    /^[\d.]+/.exec(line(machine, `${folder}/${which}_link_speed`) ?? '')?.[0] ?? Number.NaN,
  );
  const width = Number(line(machine, `${folder}/${which}_link_width`) ?? Number.NaN);
  // 255 is what a device says that does not answer.
  return speed > 0 && width > 0 && width <= 32 ? { speed, width } : undefined;
}

/** "BadTLP 1733", in Linux 4.19 "Bad TLP = 1733"; where somebody kept the sum alone, that. */
function countsIn(text: string | undefined): (readonly [string, number])[] | undefined {
  const rows = text?.split('\n', 100).flatMap((row) => {
    const [, name, count] = /^([A-Za-z][\w -]{1,60}?)(?: ?=)? +(\d{1,20})\s*$/.exec(row) ?? [];
    return name === undefined ? [] : [[name, Number(count)] as const];
  });
  const own = rows?.filter(([name]) => !PASSED.test(name));
  return own?.length ? own : rows?.every(([name]) => name.startsWith('TOTAL')) ? rows : own;
}
