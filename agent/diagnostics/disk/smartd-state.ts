/**
 * What smartd, the daemon of smartmontools, last wrote down of a SATA disk. Asking a disk takes CAP_SYS_RAWIO, which an agent in
 * its own unit does not have; smartd has it, and its state files may be read by anyone. They hold attributes and nothing of the
 * disk's verdict; those of SCSI and NVMe disks hold too little to judge.
 */

import type { Machine } from '../../host/machine.ts';
import { type Attribute, type DiskHealth, fromAttributes, NOTHING_KNOWN } from './health.ts';

const FOLDER = 'var/lib/smartmontools';
const MAX_FILES = 2_048;

/** Attributes whose numbers mean the same on all disks, with smartmontools' names and the bytes of the raw value that count. */
const KNOWN: Readonly<Record<number, readonly [name: string, below: number]>> = {
  5: ['Reallocated_Sector_Ct', 2 ** 16],
  9: ['Power_On_Hours', 2 ** 24],
  187: ['Reported_Uncorrect', 2 ** 32],
  190: ['Airflow_Temperature_Cel', 2 ** 8],
  194: ['Temperature_Celsius', 2 ** 8],
  197: ['Current_Pending_Sector', 2 ** 32],
  198: ['Offline_Uncorrectable', 2 ** 32],
  199: ['UDMA_CRC_Error_Count', 2 ** 32],
};

/** Parses a state file: "ata-smart-attribute.3.id = 5" and the like; lines whose value is 0 are left out of it by smartd. */
function parseSmartdState(name: string, text: string): DiskHealth | undefined {
  const slots = new Map<string, Map<string, number>>();
  let errors = 0;
  for (const row of text.split('\n').slice(0, 2_000)) {
    const match = /^ata-smart-attribute\.(\d{1,3})\.(id|val|raw) = (\d{1,20})\s*$/.exec(row);
    if (match?.[1] && match[2]) {
      const slot = slots.get(match[1]) ?? new Map<string, number>();
      slots.set(match[1], slot.set(match[2], Number(match[3])));
    }
    errors = Number(/^self-test-errors = (\d{1,9})\s*$/.exec(row)?.[1] ?? errors);
  }
  const attributes = [...slots.values()].flatMap((slot): Attribute[] => {
    const id = slot.get('id') ?? 0;
    const known = KNOWN[id];
    if (!known) return [];
    const raw = (slot.get('raw') ?? 0) % known[1];
    return [
      { id, name: known[0], value: slot.get('val') ?? 0, threshold: 0, raw, prefailure: false, when: '' },
    ];
  });
  if (attributes.length === 0) return undefined;
  return {
    ...NOTHING_KNOWN,
    ...fromAttributes(attributes, undefined),
    ...{ name, protocol: 'ATA' },
    failedSelfTest: errors > 0 ? `${errors} failed self-tests are in its log (by smartd)` : undefined,
  };
}

/** A name as smartd writes it into the names of its files: what is no letter, digit or dash becomes "_". */
function inFile(text: string): string {
  return text.trim().replace(/[^A-Za-z0-9]+/g, '_');
}

/**
 * What smartd knows of a disk: by its serial number where the kernel tells that (page 0x80 of SCSI's vital product data), else by
 * its model where smartd has one disk of that model alone.
 */
export function fromSmartd(machine: Machine, name: string, model: string): DiskHealth | undefined {
  const files = machine
    .list(FOLDER)
    .filter((file) => /^smartd\..+\.ata\.state$/.test(file))
    .slice(0, MAX_FILES);
  if (files.length === 0) return undefined;
  // Four bytes of a head stand before the serial number.
  const serial =
    /[A-Za-z0-9][A-Za-z0-9_-]{5,}/.exec(machine.text(`sys/block/${name}/device/vpd_pg80`) ?? '')?.[0] ?? '';
  const bySerial =
    serial === '' ? [] : files.filter((file) => inFile(file).includes(`_${inFile(serial)}_ata`));
  // The kernel cuts models off after 16 characters.
  const byModel =
    model === ''
      ? []
      : files.filter((file) => inFile(file.slice('smartd.'.length)).startsWith(inFile(model)));
  const [file, another] = bySerial.length > 0 ? bySerial : byModel;
  if (file === undefined || another !== undefined) return undefined;
  return parseSmartdState(name, machine.text(`${FOLDER}/${file}`) ?? '');
}
