/**
 * What the machine is made of: system, board, firmware, processors, memory modules, disks, graphics. It does not change while it
 * runs, so it is read once and kept. No check needs it: a bundle and a report ask for it.
 */

import { line, type Machine } from '../../host/machine.ts';
import type { ProcessorModel } from '../../host/static-inventory.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { devices } from '../disk/devices.ts';
import { fact, type Reading } from '../fact.ts';
import { type DmiRecord, meaningful, parseDmidecode, sizeOf } from './dmi.ts';

const DMI = 'sys/class/dmi/id';

/** Something that somebody makes. Fields that nobody filled in are empty. */
export interface Product {
  readonly maker: string;
  readonly product: string;
  readonly version: string;
  readonly serial: string;
}

/** A slot for memory, with its module. */
export interface MemorySlot {
  /** "DIMM_A1"; and the bank where it is told. */
  readonly slot: string;
  readonly bank: string;
  /** 0 where it is empty. */
  readonly bytes: number;
  /** "DDR4" */
  readonly type: string;
  /** "3200 MT/s": what it can, and what it is run at. */
  readonly speed: string;
  readonly configuredSpeed: string;
  readonly maker: string;
  readonly part: string;
  readonly serial: string;
}

/** A disk. */
export interface DiskModel {
  readonly name: string;
  readonly model: string;
  readonly firmware: string;
  readonly bytes: number;
  readonly rotational: boolean;
}

/** The inventory of a machine. */
export interface Inventory {
  readonly system: Product;
  readonly board: Product;
  readonly chassis: Product;
  readonly bios: {
    readonly maker: string;
    readonly version: string;
    readonly date: string;
    readonly revision: string;
  };
  readonly processor: ProcessorModel;
  /** Slots, empty ones too; none where the firmware's tables could not be read. */
  readonly memory: readonly MemorySlot[];
  /** "Multi-bit ECC", "None"; empty where it is not told. */
  readonly errorCorrection: string;
  readonly disks: readonly DiskModel[];
  readonly graphics: readonly string[];
  /** What it was read from: "/sys/class/dmi", "dmidecode", "systeminformation". */
  readonly sources: readonly string[];
}

/** A file of the firmware's identity; serial numbers are for root alone. */
function id(machine: Machine, name: string): string {
  try {
    return meaningful(line(machine, `${DMI}/${name}`));
  } catch {
    return '';
  }
}

/** A product from a structure, with the files of sysfs where it says nothing. */
function product(machine: Machine, record: DmiRecord | undefined, files: string, name: string): Product {
  const of = (key: string) => record?.fields.get(key) ?? record?.fields.get(key.toLowerCase()) ?? '';
  return {
    maker: of('Manufacturer') || id(machine, `${files === 'product' ? 'sys' : files}_vendor`),
    product: of('Product Name') || of('Type') || id(machine, `${files}_${name}`),
    version: of('Version') || id(machine, `${files}_version`),
    serial: of('Serial Number') || id(machine, `${files}_serial`),
  };
}

function slotOf({ fields }: DmiRecord): MemorySlot {
  const of = (...keys: string[]) =>
    keys.map((key) => fields.get(key)).find((value) => value !== undefined) ?? '';
  return {
    ...{ slot: of('Locator'), bank: of('Bank Locator'), bytes: sizeOf(fields.get('Size')), type: of('Type') },
    ...{ speed: of('Speed'), configuredSpeed: of('Configured Memory Speed', 'Configured Clock Speed') },
    ...{ maker: of('Manufacturer'), part: of('Part Number'), serial: of('Serial Number') },
  };
}

/** Processors that are in their sockets. */
function processorOf(records: readonly DmiRecord[]): ProcessorModel | undefined {
  const present = records.filter(({ fields }) => !/unpopulated/i.test(fields.get('Status') ?? ''));
  const [first] = present;
  if (!first) return undefined;
  const sum = (key: string) =>
    present.reduce((total, { fields }) => total + (Number(fields.get(key)) || 0), 0);
  const model = first.fields.get('Version') ?? first.fields.get('Family') ?? '';
  return { model, sockets: present.length, cores: sum('Core Count'), threads: sum('Thread Count') };
}

/** Processors by /proc/cpuinfo, where the firmware does not tell them. */
function processorByKernel(machine: Machine): ProcessorModel {
  const text = machine.text('proc/cpuinfo') ?? '';
  const all = (name: string) =>
    text.split('\n').flatMap((row) => (row.startsWith(name) ? [row.slice(row.indexOf(':') + 1).trim()] : []));
  const sockets = new Set(all('physical id')).size;
  return {
    model: all('model name')[0] ?? '',
    sockets: Math.max(1, sockets),
    cores: Math.max(1, sockets) * (Number(all('cpu cores')[0]) || 0),
    threads: all('processor').length,
  };
}

async function read({ machine, get, part, signal }: Reading): Promise<Inventory> {
  const text = await part('dmidecode', async () => {
    const { code, stdout, stderr } = await machine.run('dmidecode', [], { timeoutMs: 5_000, signal });
    if (/DMI type/.test(stdout)) return stdout;
    const denied = /permission denied|can't read memory/i.test(stderr + stdout);
    if (code === 0 || /no smbios/i.test(stdout + stderr))
      throw new Unavailable('absent', 'this machine has no SMBIOS tables');
    throw new Unavailable(denied ? 'denied' : 'failed', `dmidecode: ${stderr.slice(0, 200)}`);
  });
  const records = parseDmidecode(text ?? '');
  const of = (type: number) => records.filter((record) => record.type === type);
  const more = machine.inventory
    ? await part('systeminformation', async () => machine.inventory?.())
    : undefined;
  const disks = (await get(devices).catch(() => undefined)) ?? [];
  const [bios] = of(0);
  const slots = of(17).map(slotOf);
  const byFirmware = processorOf(of(4));
  const byKernel = processorByKernel(machine);
  const inventory: Inventory = {
    system: product(machine, of(1)[0], 'product', 'name'),
    board: product(machine, of(2)[0], 'board', 'name'),
    chassis: product(machine, of(3)[0], 'chassis', 'type'),
    bios: {
      maker: bios?.fields.get('Vendor') ?? id(machine, 'bios_vendor'),
      version: bios?.fields.get('Version') ?? id(machine, 'bios_version'),
      date: bios?.fields.get('Release Date') ?? id(machine, 'bios_date'),
      revision: bios?.fields.get('BIOS Revision') ?? id(machine, 'bios_release'),
    },
    processor: {
      ...(byFirmware && byFirmware.cores > 0 ? byFirmware : (more?.processor ?? byKernel)),
      // The name that the processor has for itself; hypervisors tell theirs in the tables.
      model: byKernel.model || (byFirmware?.model ?? '') || (more?.processor.model ?? ''),
    },
    memory:
      slots.length > 0
        ? slots
        : // Where it may not read the tables it tells all memory as one module without a type: that is none.
          (more?.memory ?? [])
            .filter(({ type }) => type !== '')
            .map((one) => ({
              ...{ slot: one.slot, bank: '', bytes: one.bytes, type: one.type },
              ...{ speed: one.speed > 0 ? `${one.speed} MHz` : '', configuredSpeed: '' },
              ...{ maker: one.maker, part: one.part, serial: one.serial },
            })),
    errorCorrection: of(16)[0]?.fields.get('Error Correction Type') ?? '',
    disks: disks
      .filter(({ disk }) => disk)
      .map(({ name, model, firmware, bytes, rotational }) => ({ name, model, firmware, bytes, rotational })),
    graphics: more?.graphics ?? [],
    sources: [
      ...(machine.has(DMI) ? ['/sys/class/dmi'] : []),
      ...(records.length > 0 ? ['dmidecode'] : []),
      ...(more ? ['systeminformation'] : []),
    ],
  };
  if (inventory.sources.length === 0 && inventory.processor.model === '' && inventory.disks.length === 0)
    throw new Unavailable(
      machine.live ? 'absent' : 'not-captured',
      'nothing tells what this machine is made of',
    );
  return inventory;
}

const kept = new WeakMap<Machine, Inventory>();

/** What the machine is made of. Parts that could not be read are told as problems, when it is first read. */
export const inventory = fact({
  id: 'system.inventory',
  reads: [
    `/${DMI}`,
    'dmidecode',
    '/proc/cpuinfo',
    '/sys/block',
    'systeminformation (lscpu, lspci …), on a running machine',
  ],
  limitMs: 25_000,
  read: async (reading): Promise<Inventory> => {
    const found = kept.get(reading.machine) ?? (await read(reading));
    kept.set(reading.machine, found);
    return found;
  },
});
