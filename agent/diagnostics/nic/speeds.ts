/**
 * Speeds of links and of the PCI Express below them. A driver or the device itself is asked for these files, so all are read by
 * one child process that can be given up.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { type Interface, isClose, nicInterfaces } from './interfaces.ts';
import { interfaceFolder, parentPort } from './paths.ts';

/** A PCI Express link: transfers a second and lane, in GT/s, and lanes. */
export interface PcieLink {
  readonly speed: number;
  readonly width: number;
  readonly maxSpeed: number;
  readonly maxWidth: number;
  /** What the slot can do, where the port above the device tells. */
  readonly slotSpeed?: number;
  readonly slotWidth?: number;
}

/** How fast an interface is now. */
export interface Speeds {
  readonly speedMbps?: number;
  readonly duplex?: 'full' | 'half';
  readonly pcie?: PcieLink;
}

/** Links that do not know their speed say -1, as a signed or unsigned number. */
function speedOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value) || value <= 0 || value >= 2 ** 31 ? undefined : value;
}

/** "8.0 GT/s PCIe", "16 GT/s" → GT/s; "Unknown" → undefined. */
function transfers(text: string | undefined): number | undefined {
  const found = /^(\d{1,3}(?:\.\d)?)\s*GT\/s/.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Lanes; 0 and 255 are what is read of a link that is not there. */
function lanes(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 && value <= 32 ? value : undefined;
}

const PCIE_FILES = ['current_link_speed', 'current_link_width', 'max_link_speed', 'max_link_width'] as const;

/** Speeds by name of interface, of those with a device and of bonds. */
export const nicSpeeds = fact({
  id: 'nic.speeds',
  reads: ['/sys/class/net/*/speed', '/sys/class/net/*/duplex', '/sys/bus/pci/devices/*/current_link_*'],
  limitMs: 6_000,
  waits: true,
  read: async (reading): Promise<ReadonlyMap<string, Speeds>> => {
    const { machine } = reading;
    const close = (await reading.get(nicInterfaces)).filter(isClose).slice(0, 256);
    const places = close.map((one) => ({
      one,
      folder: interfaceFolder(machine, one.name),
      ...pcieFolders(one),
    }));
    const paths = places.flatMap(({ folder, pci, port }) => [
      ...[`${folder}/speed`, `${folder}/duplex`],
      ...(pci ? PCIE_FILES.map((file) => `${pci}/${file}`) : []),
      ...(port ? [`${port}/max_link_speed`, `${port}/max_link_width`] : []),
    ]);
    if (paths.length === 0) throw new Unavailable('absent', 'this machine has no network device');
    const files = await machine.slowFiles([...new Set(paths)], { timeoutMs: 5_000, signal: reading.signal });
    const found = new Map<string, Speeds>();
    for (const { one, folder, pci, port } of places) {
      const speedMbps = speedOf(files.get(`${folder}/speed`));
      const duplex = files.get(`${folder}/duplex`)?.trim();
      const pcie = pci
        ? pcieLink(
            (file) => files.get(`${pci}/${file}`),
            (file) => port && files.get(`${port}/${file}`),
          )
        : undefined;
      found.set(one.name, {
        ...(speedMbps === undefined ? {} : { speedMbps }),
        ...(duplex === 'full' || duplex === 'half' ? { duplex } : {}),
        ...(pcie ? { pcie } : {}),
      });
    }
    return found;
  },
});

function pcieFolders({ device }: Interface): { pci?: string; port?: string } {
  // A VM's paravirtual devices stand on a PCI bus that is none; what a physical function lends out has no link of its own.
  if (!device?.pciFolder || device.bus !== 'pci' || device.virtualFunction) return {};
  const port = parentPort(device.pciFolder);
  return { pci: device.pciFolder, ...(port ? { port } : {}) };
}

type Get = (file: string) => string | undefined;

function pcieLink(get: Get, getOfPort: Get): PcieLink | undefined {
  const [speed, maxSpeed] = [transfers(get('current_link_speed')), transfers(get('max_link_speed'))];
  const [width, maxWidth] = [lanes(get('current_link_width')), lanes(get('max_link_width'))];
  if (!speed || !maxSpeed || !width || !maxWidth) return undefined;
  const slotSpeed = transfers(getOfPort('max_link_speed'));
  const slotWidth = lanes(getOfPort('max_link_width'));
  return {
    ...{ speed, width, maxSpeed, maxWidth },
    ...(slotSpeed === undefined ? {} : { slotSpeed }),
    ...(slotWidth === undefined ? {} : { slotWidth }),
  };
}
