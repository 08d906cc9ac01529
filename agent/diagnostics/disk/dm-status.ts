/** `dmsetup status`: thin pools, snapshots, RAID and multipath as the device mapper sees them. */

/** A pool of thin volumes. Percents are of its data and of its metadata. */
export interface ThinPool {
  readonly name: string;
  readonly dataPercent: number;
  readonly metadataPercent: number;
  /** "rw", "ro", "out_of_data_space", or "Fail". */
  readonly mode: string;
  readonly needsCheck: boolean;
}

/** A snapshot with a store of changes; undefined percent where it is no longer valid. */
export interface Snapshot {
  readonly name: string;
  readonly percent: number | undefined;
}

/** A RAID volume of LVM. */
export interface DmRaid {
  readonly name: string;
  readonly level: string;
  /** A letter a member: A alive and in sync, a alive and not in sync, D dead, - missing. */
  readonly health: string;
  readonly action: string;
}

/** A multipath map: paths by their device numbers ("8:16"), and whether each is failed. */
export interface DmMultipath {
  readonly name: string;
  readonly paths: readonly { readonly device: string; readonly failed: boolean }[];
}

/** What `dmsetup status` tells. */
export interface DmStatus {
  readonly pools: readonly ThinPool[];
  readonly snapshots: readonly Snapshot[];
  readonly raids: readonly DmRaid[];
  readonly multipaths: readonly DmMultipath[];
  /** Names of maps whose table has an error target only, or that failed altogether. */
  readonly failed: readonly string[];
}

const MAX_ROWS = 20_000;

/** "12/100" as percent. */
function share(word: string | undefined): number | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(word ?? '');
  return match && Number(match[2]) > 0 ? (100 * Number(match[1])) / Number(match[2]) : undefined;
}

/** "TRANSACTION META DATA HELD MODE DISCARD ERROR NEEDS_CHECK THRESHOLD" (thin-provisioning.rst), or "Fail". */
function thinPool(name: string, words: readonly string[]): ThinPool | undefined {
  if (words[0] === 'Fail')
    return { name, dataPercent: 100, metadataPercent: 100, mode: 'Fail', needsCheck: true };
  const metadataPercent = share(words[1]);
  const dataPercent = share(words[2]);
  if (metadataPercent === undefined || dataPercent === undefined) return undefined;
  const mode = words.find((word) => /^(rw|ro|out_of_data_space)$/.test(word)) ?? '';
  return { name, dataPercent, metadataPercent, mode, needsCheck: words.includes('needs_check') };
}

/**
 * Paths of a multipath status (dm-mpath.c, multipath_status): features, handler, groups, and in each group "STATE SELECTOR-ARGS
 * PATHS ARGS", then "MAJOR:MINOR A|F FAILURES …" a path. A path is what looks like one, so that selectors with any number of
 * arguments are read alike.
 */
function multipath(name: string, words: readonly string[]): DmMultipath {
  return {
    name,
    paths: words.flatMap((word, at) =>
      /^\d+:\d+$/.test(word) && /^[AF]$/.test(words[at + 1] ?? '')
        ? [{ device: word, failed: words[at + 1] === 'F' }]
        : [],
    ),
  };
}

/** Parses `dmsetup status`: "NAME: START LENGTH TARGET …" a line. */
export function parseDmStatus(text: string): DmStatus {
  const pools: ThinPool[] = [];
  const snapshots: Snapshot[] = [];
  const raids: DmRaid[] = [];
  const multipaths: DmMultipath[] = [];
  const failed: string[] = [];
  for (const row of text.split('\n').slice(0, MAX_ROWS)) {
    const match = /^(\S+): (\d+) (\d+) (\S+) ?(.*)$/.exec(row.slice(0, 20_000));
    if (!match) continue;
    const [, name = '', , , target = '', rest = ''] = match;
    const words = rest.trim().split(/\s+/);
    if (target === 'thin-pool') {
      const pool = thinPool(name, words);
      if (pool) pools.push(pool);
    } else if (target === 'snapshot' || target === 'snapshot-merge') {
      // "SECTORS/TOTAL METADATA", or Invalid, Overflow, "Merge failed".
      const percent = share(words[0]);
      if (percent !== undefined || /invalid|overflow|failed/i.test(rest)) snapshots.push({ name, percent });
    } else if (target === 'raid') {
      const [level = '', , health = '', , action = ''] = words;
      if (/^[AaD-]+$/.test(health)) raids.push({ name, level, health, action });
    } else if (target === 'multipath') multipaths.push(multipath(name, words));
    else if (target === 'error' || (target === 'thin' && words[0] === 'Fail')) failed.push(name);
  }
  return { pools, snapshots, raids, multipaths, failed };
}
