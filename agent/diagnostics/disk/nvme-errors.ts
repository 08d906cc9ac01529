/**
 * The error log of NVMe drives as `nvme error-log` printed it on a captured machine (nvme-cli 1 and 2). Most entries are commands that a
 * program asked and the drive does not know; what counts are those that say that data could not be read or written.
 */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';

/** A drive's entries about its medium. */
export interface NvmeErrors {
  /** "nvme0" */
  readonly name: string;
  readonly entries: number;
  /** What the newest says: "0x281(Unrecovered Read Error: …)". */
  readonly newest: string;
}

const MAX_ROWS = 50_000;
/** Status codes of type 2 (media and data integrity errors), in the words of nvme-cli 1 and 2 (NVM Express Base Specification, status codes). */
const MEDIUM =
  /write fault|unrecovered read|(?:guard|application tag|reference tag) check|compare failure|write_fault|read_error|guard_check|apptag_check|reftag_check|internal (?:device )?error/i;

/** Parses the text form: "Error Log Entries for device:nvme0 entries:64", and blocks with "status_field : 0x281(Unrecovered Read Error: …)". */
function parseErrors(text: string): NvmeErrors[] {
  const found = new Map<string, NvmeErrors>();
  let name = '';
  for (const row of text.split('\n', MAX_ROWS)) {
    name = /^\s*Error Log Entries for device:\s*(\S{1,64})/.exec(row)?.[1] ?? name;
    const status = /^\s*status_field\s*:\s*(.{1,300})$/.exec(row)?.[1];
    if (status === undefined) continue;
    const known = found.get(name) ?? { name, entries: 0, newest: '' };
    const counts = MEDIUM.test(status);
    found.set(name, {
      name,
      entries: known.entries + (counts ? 1 : 0),
      // They are printed newest first.
      newest: known.newest || (counts ? status.slice(0, 160).trim() : ''),
    });
  }
  return [...found.values()];
}

/** Drives of which the error log was saved. */
export const nvmeErrors = fact({
  id: 'disk.nvme-errors',
  reads: ['nvme error-log, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): readonly NvmeErrors[] => {
    if (machine.live) throw new Unavailable('absent', 'nvme error-log is read of captured machines only');
    const saved = machine.saved?.('nvme error-log') ?? [];
    if (saved.length === 0)
      throw new Unavailable('not-captured', 'the output of nvme error-log is not in the captured folder');
    const found = saved.flatMap(({ text }) => parseErrors(text));
    if (found.length === 0)
      throw new Unavailable('nonsense', 'what was saved of nvme error-log has no entries');
    return [...new Map(found.map((one) => [one.name, one])).values()];
  },
});
