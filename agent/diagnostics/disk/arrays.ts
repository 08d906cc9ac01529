/** Software RAID arrays, with what sysfs adds to /proc/mdstat. */

import { fact } from '../fact.ts';
import { inFormat, nothing } from '../required.ts';
import { type SysfsArray, sysfsArrays } from './md-sysfs.ts';
import { parseMdadm } from './mdadm.ts';
import { MDSTAT_FORMAT, type MdArray, parseMdstat } from './mdstat.ts';

/** An array. */
export interface RaidArray extends MdArray {
  /** Sectors that differed between the copies in the last check; undefined where that is not told. */
  readonly mismatches: number | undefined;
  /** Members that are missing, where sysfs alone tells of it and not of how many places there are. */
  readonly missing?: number | undefined;
  /** Where sysfs alone tells of it: what it told of. */
  readonly told?: SysfsArray['told'];
}

const MAX_ARRAYS = 256;

/** Arrays. The files of sysfs take the array's lock, so they are read by a process that may hang. */
export const arrays = fact({
  id: 'disk.arrays',
  reads: [
    '/proc/mdstat',
    '/sys/block/md*/md/mismatch_cnt',
    'mdadm --detail and --examine, and /sys/block/md*/md, where they were saved alone',
  ],
  limitMs: 4_000,
  read: async ({ machine, signal, part }): Promise<readonly RaidArray[]> => {
    const own = machine.text('proc/mdstat');
    const text = own !== undefined && MDSTAT_FORMAT.test(own) ? own : undefined;
    const details = (machine.saved?.('mdadm') ?? []).flatMap((one) => {
      const told = parseMdadm(one.text);
      if (told.length === 0)
        machine.notUsed?.(one, 'no array is in it as mdadm --detail or --examine tell of one');
      return told;
    });
    const files = text === undefined && details.length === 0 && !machine.live ? sysfsArrays(machine) : [];
    if (text === undefined && details.length + files.length === 0) {
      if (own === undefined) throw nothing(machine, '/proc/mdstat');
      inFormat(own, MDSTAT_FORMAT, '/proc/mdstat');
    }
    // Of a captured machine one of both may be from before the trouble.
    const known = parseMdstat(text ?? '').map((one) => {
      const told = details.find(({ name, places }) => name === one.name && places === one.places);
      return told?.working !== undefined && told.working < (one.working ?? 0) ? { ...one, ...told } : one;
    });
    // Where there are both, mdadm may call an array by the name in its superblock: the kernel's word is enough.
    const more: (MdArray | SysfsArray)[] = text === undefined ? [...details, ...files] : [];
    const found = [...known, ...more].slice(0, MAX_ARRAYS);
    const path = ({ name }: MdArray) => `sys/block/${name}/md/mismatch_cnt`;
    const paths = found.filter(({ active }) => active).map(path);
    const counts = await part('/sys/block/md*/md/mismatch_cnt', () =>
      machine.slowFiles(
        paths.filter((one) => machine.has(one)),
        { timeoutMs: 2_000, signal },
      ),
    );
    return found.map((array) => {
      const count = Number(counts?.get(path(array)) ?? Number.NaN);
      return { ...array, mismatches: Number.isFinite(count) ? count : undefined };
    });
  },
});
