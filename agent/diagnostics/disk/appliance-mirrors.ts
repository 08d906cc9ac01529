/**
 * The system partitions of storage appliances: mirrors with a place for every bay that the model could have, of which most are empty.
 * Synology's DSM has md0 (system) and md1 (swap) on the first and second partition of each disk, QNAP's QTS md9 and md13 on the first and
 * fourth. That such a mirror lacks members says nothing of a disk that is gone, as long as every disk of the other arrays is in it.
 */

import type { MdArray, MdMember } from './mdstat.ts';

/** Pairs of mirrors with the partitions of their members. */
const PAIRS: readonly (readonly [name: string, partition: string, other: string, otherPartition: string])[] =
  [
    ['md0', '1', 'md1', '2'],
    ['md9', '1', 'md13', '4'],
  ];
/** Plain servers mirror two disks: with more places it is an appliance's. */
const MIN_PLACES = 3;

/** "sda5": disk and partition; "sata1p5" and "nvme0n1p5" have a letter between. Undefined for a whole disk. */
function partOf({ name }: MdMember): readonly [disk: string, partition: string] | undefined {
  const match = /^(sd[a-z]{1,3}|(?:sata|sas|hd)\d{1,3}(?=p)|nvme\d{1,3}n\d{1,3}(?=p))p?(\d{1,3})$/.exec(name);
  return match ? [match[1] ?? '', match[2] ?? ''] : undefined;
}

function isMirror({ level, active, places = 0, working = 0, members }: MdArray, partition: string): boolean {
  return (
    level === 'raid1' &&
    active &&
    places >= MIN_PLACES &&
    working > 0 &&
    working === members.length &&
    members.every((one) => !one.failed && partOf(one)?.[1] === partition)
  );
}

/** The names of arrays whose empty places are those of empty bays. */
export function applianceMirrors(all: readonly MdArray[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [first, partition, second, otherPartition] of PAIRS) {
    const [one, two] = [first, second].map((name) => all.find((array) => array.name === name));
    if (!one || !two || one.places !== two.places) continue;
    if (!isMirror(one, partition) || !isMirror(two, otherPartition)) continue;
    const disks = (array: MdArray) => array.members.flatMap((member) => partOf(member)?.[0] ?? member.name);
    const own = new Set(disks(one).filter((disk) => disks(two).includes(disk)));
    const others = all.filter((array) => array !== one && array !== two);
    // Caches are on NVMe drives without such partitions.
    const isIn = (disk: string) => own.has(disk) || disk.startsWith('nvme');
    const isWhole = ({ places, working }: MdArray) => places === undefined || places === working;
    if (others.length === 0 || own.size !== one.members.length || own.size !== two.members.length) continue;
    if (others.every((array) => isWhole(array) && disks(array).every(isIn))) {
      found.add(one.name);
      found.add(two.name);
    }
  }
  return found;
}
