/** Software RAID: /proc/mdstat. Its lines are made by md_status_seq_show and status_resync in drivers/md/md.c and by each level. */

/** A member of an array. */
export interface MdMember {
  readonly name: string;
  readonly role: number;
  readonly failed: boolean;
  readonly spare: boolean;
}

/** An array. */
export interface MdArray {
  readonly name: string;
  readonly active: boolean;
  readonly readOnly: '' | 'auto-read-only' | 'read-only';
  /** "raid1", "raid6"; empty where an inactive array does not tell it. */
  readonly level: string;
  readonly members: readonly MdMember[];
  /** Places for members and members that work; undefined for levels without redundancy. */
  readonly places: number | undefined;
  readonly working: number | undefined;
  /** Holds other arrays (external metadata: Intel's and DDF): it is never active. */
  readonly container: boolean;
  /** What goes on: "recovery", "resync", "reshape", "check"; empty where nothing does. */
  readonly action: string;
  /** How far it is, in percent; undefined where it waits. */
  readonly percent: number | undefined;
  /** "DELAYED" behind another array, "PENDING" until the first write, "REMOTE" on another node; else empty. */
  readonly waits: string;
  readonly minutesLeft: number | undefined;
  /** KiB/s */
  readonly speed: number | undefined;
}

const MAX_ROWS = 10_000;
const MAX_WORDS = 2_000;

function member(word: string): MdMember | undefined {
  // "sda1[0]", "cciss/c0d0p1[6](F)", "sdc[2](S)", "nvme0n1[3](W)(F)", "sdb1[1](J)", "sdd[4](R)"
  const match = /^([^\s[\]]+)\[(\d+)\]((?:\([A-Z]\))*)$/.exec(word);
  if (!match) return undefined;
  const [, name = '', role = '', flags = ''] = match;
  return { name, role: Number(role), failed: flags.includes('(F)'), spare: flags.includes('(S)') };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function head(row: string): Mutable<MdArray> | undefined {
  const match = /^\s{0,4}([\w.-]+) : ?(\w+)(.*)$/.exec(row.slice(0, 20_000));
  if (!match || !/^md/.test(match[1] ?? '')) return undefined;
  const [, name = '', state = '', rest = ''] = match;
  const words = rest.trim().split(/\s+/).slice(0, MAX_WORDS);
  const level = words.find((word) => /^(raid\d+|linear|multipath|faulty|container)$/.test(word)) ?? '';
  const mode = /\((auto-)?read-only\)/.exec(rest)?.[0].slice(1, -1);
  return {
    ...{ name, active: state === 'active', level, members: words.flatMap((word) => member(word) ?? []) },
    readOnly: mode === 'auto-read-only' || mode === 'read-only' ? mode : '',
    ...{ places: undefined, working: undefined, container: false, action: '', percent: undefined },
    ...{ waits: '', minutesLeft: undefined, speed: undefined },
  };
}

/** A line below the head of an array: its size with the places, or what goes on. */
function more(array: Mutable<MdArray>, row: string): void {
  if (/\bblocks\b/.test(row)) array.container = /super external:(?!\/)/.test(row);
  // Mail programs break the line before it.
  const places = /\[(\d+)\/(\d+)\](?= \[[U_]+\]|.*blocks|\s*$)/.exec(row);
  if (places && array.places === undefined) {
    array.places = Number(places[1]);
    // Somebody's copy may have the count of another moment than the letters: a member is missing where either says so.
    const letters = /\] {1,4}\[([U_]+)\]/.exec(row)?.[1];
    array.working = Math.min(
      Number(places[2]),
      letters?.length === array.places ? letters.replaceAll('_', '').length : array.places,
    );
  }
  const words = row.trim().split(/\s+/);
  const members = words.slice(0, MAX_WORDS).flatMap((word) => member(word) ?? []);
  if (members.length === words.length) array.members = [...array.members, ...members];
  const waits = /\b(recovery|resync|reshape|check|repair)\s*=\s*(DELAYED|PENDING|REMOTE)/.exec(row);
  if (waits) {
    array.action = waits[1] ?? '';
    array.waits = waits[2] ?? '';
    return;
  }
  const goes = /\b(recovery|resync|reshape|check|repair)\s*=\s*([\d.]+)%/.exec(row);
  if (!goes) return;
  array.action = goes[1] ?? '';
  array.percent = Number(goes[2]);
  const minutes = /finish=([\d.]+)min/.exec(row)?.[1];
  const speed = /speed=(\d+)K\/sec/.exec(row)?.[1];
  array.minutesLeft = minutes === undefined ? undefined : Number(minutes);
  array.speed = speed === undefined ? undefined : Number(speed);
}

/** What stands in /proc/mdstat also where there is no array, or an array. */
export const MDSTAT_FORMAT =
  /^\W{0,4}(?:Personalities\b|unused devices\b)|^\s{0,4}(?:\[\w+\] )*md[\w.-]* : /m;

/** Parses /proc/mdstat. What is not in its format is left out. */
export function parseMdstat(text: string): MdArray[] {
  const arrays: Mutable<MdArray>[] = [];
  for (const row of text.split('\n').slice(0, MAX_ROWS)) {
    // The list of levels above the first array may have been broken right before it.
    const found = head(row.trimEnd().replace(/^\s*(?:\[\w+\] )+(?=md)/, ''));
    if (found) arrays.push(found);
    else if (/^unused devices/.test(row)) break;
    else {
      const array = arrays.at(-1);
      if (array) more(array, row.slice(0, 1_000));
    }
  }
  return arrays;
}

/** How many members more an array can lose, below zero where it lost more than it can; undefined where that cannot be said. */
export function redundancyLeft({ level, places, working }: MdArray): number | undefined {
  if (places === undefined || working === undefined) return undefined;
  const missing = places - working;
  if (level === 'raid1') return working - 1;
  if (level === 'raid4' || level === 'raid5') return 1 - missing;
  if (level === 'raid6') return 2 - missing;
  // Of raid10 it depends on which members are missing: with one gone, the wrong second one ends it.
  return level === 'raid10' ? (missing > 0 ? 0 : 1) : undefined;
}
