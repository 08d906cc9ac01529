/** What a disk says of its own health, whatever protocol and tool it was asked by. */

/** An attribute at or below the threshold that its maker set. */
export interface FailingAttribute {
  readonly name: string;
  /** "now", or "past" where it has recovered. */
  readonly when: 'now' | 'past';
  /** Whether its maker takes it for a sign that the disk fails within a day; else it is a sign of age. */
  readonly prefailure: boolean;
}

/** What the disk's own log of errors has (ATA's SMART error log). */
export interface LoggedErrors {
  readonly count: number;
  /** Of how many of them it is shown what they are, also where they are of no other kind here: a command that was refused (ABRT). */
  readonly shown: number;
  /** Errors among those shown that say that a sector could not be read (UNC), or not be found (IDNF). */
  readonly unreadable: number;
  /** Errors among those shown that say that a transfer was damaged on its way (ICRC). */
  readonly transfers: number;
  /** The newest of them, "UNC at LBA = 0x009492b0 = 9736880", and the disk's hours at it; undefined where they are not told. */
  readonly newest: string | undefined;
  readonly atHours: number | undefined;
}

/** Health of a disk. What it does not tell is undefined. */
export interface DiskHealth {
  /** As the kernel calls it: "sda"; "sda megaraid,3" for a disk behind a RAID controller. */
  readonly name: string;
  readonly protocol: 'ATA' | 'SCSI' | 'NVMe' | '';
  readonly model: string;
  readonly firmware: string;
  /** Whether it keeps such records at all, and whether keeping them is switched on. */
  readonly available: boolean;
  readonly enabled: boolean;
  /** It sleeps and was left asleep: the rest is not known. */
  readonly asleep: boolean;
  /** Its own verdict. */
  readonly passed: boolean | undefined;
  readonly failing: readonly FailingAttribute[];
  /** Sectors that were replaced by spare ones (ATA 5), or the list of grown defects (SCSI). */
  readonly reallocated: number | undefined;
  /** Sectors that could not be read and wait to be written anew (ATA 197). */
  readonly pending: number | undefined;
  /** Sectors that a scan could not read (ATA 198). */
  readonly offlineUncorrectable: number | undefined;
  /** Errors that went to the host: ATA 187, SCSI's uncorrected errors, NVMe's media errors. */
  readonly uncorrected: number | undefined;
  /** Its log of errors, where it has any and was shown. */
  readonly logged?: LoggedErrors;
  /** Errors between disk and controller: cable, backplane (ATA 199). */
  readonly linkErrors: number | undefined;
  /** Percent of its life's writes that are used up; can be more than 100. */
  readonly usedPercent: number | undefined;
  /** Percent of the spare blocks that are left, and where the maker calls it too few. */
  readonly sparePercent: number | undefined;
  readonly spareThreshold: number | undefined;
  /** NVMe's critical warning: a mask of bits. */
  readonly criticalWarning: number | undefined;
  /** °C; limits are the disk's own. */
  readonly celsius: number | undefined;
  readonly warningCelsius: number | undefined;
  readonly criticalCelsius: number | undefined;
  readonly powerOnHours: number | undefined;
  /** Spins: limits of temperature differ. */
  readonly rotational: boolean | undefined;
  /** The newest self-test that ended, where it failed: what it says. */
  readonly failedSelfTest: string | undefined;
}

/** A disk of which nothing is known yet. */
export const NOTHING_KNOWN: Omit<DiskHealth, 'name'> = {
  ...{ protocol: '', model: '', firmware: '', available: true, enabled: true, asleep: false },
  ...{ passed: undefined, failing: [], reallocated: undefined, pending: undefined },
  ...{ offlineUncorrectable: undefined, uncorrected: undefined, linkErrors: undefined },
  ...{ usedPercent: undefined, sparePercent: undefined, spareThreshold: undefined },
  ...{ criticalWarning: undefined, celsius: undefined, warningCelsius: undefined },
  ...{ criticalCelsius: undefined, powerOnHours: undefined, rotational: undefined },
  failedSelfTest: undefined,
};

/** Whether any of its records are there, beside its verdict. */
export function hasRecords(disk: DiskHealth): boolean {
  return (
    (disk.reallocated ?? disk.pending ?? disk.uncorrected ?? disk.linkErrors ?? disk.logged) !== undefined ||
    (disk.usedPercent ?? disk.sparePercent ?? disk.offlineUncorrectable) !== undefined ||
    disk.failing.length > 0
  );
}

/** An ATA attribute as both forms of smartctl's output have it. */
export interface Attribute {
  readonly id: number;
  readonly name: string;
  /** The normalized value; 100, 200 or 253 is new. */
  readonly value: number;
  readonly threshold: number;
  readonly raw: number;
  readonly prefailure: boolean;
  readonly when: 'now' | 'past' | '';
}

/**
 * Attributes whose normalized value is the life that is left, in percent, by SSD makers' use. An id alone says little (233 is
 * Intel's wear and others' hours), so it counts only with such a name.
 */
const LIFE_LEFT =
  /wear_level|media_wearout|percent_life|lifetime_remain|ssd_life_left|life_left|remaining_life|percent_lifetime_remain|wearout_indicator|lifetime_remaining|perc_avail_resrvd|drive_life/i;

/**
 * The number that smartmontools takes a raw value for: its bytes hold several ("41 (Min/Max 21/41)", "31839h+20m"), and the
 * first is what is meant. Undefined for hexadecimal ones, which are of no known format.
 */
export function rawOf(raw: string): number | undefined {
  const match = /^(\d+)(?!\d*x)/.exec(raw.trim());
  return match ? Number(match[1]) : undefined;
}

/** What ATA attributes say; names are smartmontools', which differ by maker, so ids count where they mean the same everywhere. */
export function fromAttributes(
  attributes: readonly Attribute[],
  rotational: boolean | undefined,
): Partial<DiskHealth> {
  const raw = (...ids: number[]) =>
    ids.map((id) => attributes.find((one) => one.id === id)?.raw).find((value) => value !== undefined);
  const named = (id: number, name: RegExp) =>
    attributes.find((one) => one.id === id && (name.test(one.name) || /^unknown/i.test(one.name)))?.raw;
  const life = rotational
    ? undefined
    : attributes.find(({ name }) => LIFE_LEFT.test(name) && !/spare|resrv|rsvd/i.test(name));
  // Where the extremes in its upper bytes were not told apart, the lowest is the temperature.
  const temperature = raw(194, 190);
  return {
    failing: attributes.flatMap(({ name, prefailure, when }) =>
      when === '' ? [] : [{ name, prefailure, when }],
    ),
    reallocated: named(5, /realloc|retired|bad_block|new_failing/i),
    pending: named(197, /pending|ecc/i),
    offlineUncorrectable: named(198, /uncorrect|offline/i),
    uncorrected: named(187, /uncorrect|report/i),
    linkErrors: named(199, /crc/i),
    ...(life && life.value > 0 && life.value <= 100 ? { usedPercent: 100 - life.value } : {}),
    ...(temperature === undefined ? {} : { celsius: temperature % 256 }),
    ...(raw(9) === undefined ? {} : { powerOnHours: raw(9) }),
  };
}
