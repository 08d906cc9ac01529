/** What the tools of RAID controllers have in common: parts with a state, and which words are a trouble. */

/** A part of a RAID. */
export interface RaidPart {
  readonly kind: 'volume' | 'drive' | 'battery' | 'controller';
  /** As the tool calls it: "0/0", "252:3", "logicaldrive 1". */
  readonly name: string;
  /** The tool's word: "Dgrd", "Interim Recovery Mode", "Failed". */
  readonly state: string;
  /** How bad that is; undefined where it is well. */
  readonly trouble: 'critical' | 'warning' | undefined;
  /** What else it says: "Media Error Count 12". */
  readonly more: string;
}

/** Words for a volume that has lost its redundancy or is gone. */
const VOLUME_BAD =
  /^(?:dgrd|pdgd|ofln|degraded?|partially degraded|partially optimal|exposed|offline|failed|interim recovery mode|ready for recovery|suboptimal|impacted|missing|inaccessible|logical drive failed)/i;
/** Words for one that is being made whole. */
const VOLUME_MENDS =
  /^(?:rec$|rebuild|recover|reconstruct|expand|transform|ready for rebuild|zeroing|parity init)/i;
/** Words for a drive that is of no use. */
const DRIVE_BAD =
  /^(?:offln|offline|failed|ubad|ubunsp|msng|missing|unconfigured\(bad\)|unconfigured \(bad\)|predictive failure|f$|dead|inconsistent|foreign bad|drive failed|erased failed|degraded|out of sync)/i;
const DRIVE_MENDS = /^(?:rbld|rebuild)/i;

/** A volume with its word. */
export function volume(name: string, state: string, more = ''): RaidPart {
  const word = state.trim();
  const trouble = VOLUME_BAD.test(word)
    ? ('critical' as const)
    : VOLUME_MENDS.test(word)
      ? ('warning' as const)
      : undefined;
  return { kind: 'volume', name, state: word, trouble, more };
}

/** A drive with its word, and what is counted of it. */
export function drive(name: string, state: string, predicted = 0, more = ''): RaidPart {
  const word = state.trim();
  const bad = DRIVE_BAD.test(word) || DRIVE_MENDS.test(word) || predicted > 0;
  const counted = [
    ...(predicted > 0 ? [`a failure is predicted (${predicted})`] : []),
    ...(more === '' ? [] : [more]),
  ];
  return { kind: 'drive', name, state: word, trouble: bad ? 'warning' : undefined, more: counted.join(', ') };
}

/**
 * A drive that belongs to an array which this controller does not know ("Foreign State: Foreign", group "F"): it fell out of its own and
 * came back, or comes from another machine. One that is of no use anyway keeps its word.
 */
export function foreign(part: RaidPart): RaidPart {
  const more = ['foreign: of an array that this controller does not know', part.more];
  return { ...part, trouble: 'warning', more: more.filter((word) => word !== '').join(', ') };
}

/** A battery or capacitor with its word; one that charges or learns is well. */
export function battery(name: string, state: string, bad: boolean, more = ''): RaidPart {
  return { kind: 'battery', name, state: state.trim(), trouble: bad ? 'warning' : undefined, more };
}

/** A controller with its word. */
export function controller(name: string, state: string, bad: boolean): RaidPart {
  return { kind: 'controller', name, state: state.trim(), trouble: bad ? 'warning' : undefined, more: '' };
}

/** Values of lines "Name   : value", by name in lower case; of a block of lines. */
export function fieldOf(row: string): { name: string; value: string } | undefined {
  const match = /^\s*([A-Za-z][\w ./()#&-]{0,60}?)\s*[:=]\s*(.{0,300}?)\s*$/.exec(row.slice(0, 500));
  return match ? { name: (match[1] ?? '').toLowerCase(), value: match[2] ?? '' } : undefined;
}
