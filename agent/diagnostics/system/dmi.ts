/** What the firmware says of the hardware: /sys/class/dmi/id, and the tables of SMBIOS as dmidecode prints them. */

/** A structure of the tables. */
export interface DmiRecord {
  readonly type: number;
  /** "Memory Device" */
  readonly title: string;
  /** Values by name; those that firmware leaves empty ("Not Specified", "To Be Filled By O.E.M.") are left out. */
  readonly fields: ReadonlyMap<string, string>;
}

const MAX_ROWS = 200_000;
const MAX_RECORDS = 10_000;

/** What firmware writes where it says nothing. */
const EMPTY =
  /^(not specified|not provided|unspecified|unknown|none|n\/a|<bad index>|no dimm|to be filled by o\.?e\.?m\.?|default string|system (product name|manufacturer|serial number|version)|o\.e\.m\.|0+|x+|\.+|-+|)$/i;

/** A value, or nothing where it says nothing. */
export function meaningful(value: string | undefined): string {
  const text = value?.trim() ?? '';
  return EMPTY.test(text) ? '' : text;
}

/**
 * Parses what `dmidecode` printed (2.x to 3.x): structures begin with "Handle 0x0000, DMI type 17, 40 bytes", their title follows,
 * and fields are indented by one tab; lists below a field are passed over. The case of names is as in the output.
 */
export function parseDmidecode(text: string): DmiRecord[] {
  const records: { type: number; title: string; fields: Map<string, string> }[] = [];
  let current: (typeof records)[number] | undefined;
  for (const long of text.split('\n').slice(0, MAX_ROWS)) {
    const row = long.slice(0, 1_000).trimEnd();
    const handle = /^Handle 0x[0-9A-Fa-f]+, DMI type (\d+),/.exec(row);
    if (handle) {
      if (records.length >= MAX_RECORDS) break;
      current = { type: Number(handle[1]), title: '', fields: new Map() };
      records.push(current);
    } else if (row === '' || !current) continue;
    else if (!/^\s/.test(row)) current.title = row;
    else {
      const field = /^(?:\t|\s{1,8})([^\s:][^:]*):\s*(.*)$/.exec(row);
      const value = meaningful(field?.[2]);
      if (field?.[1] && value !== '') current.fields.set(field[1], value);
    }
  }
  return records;
}

/** "16384 MB", "16 GB", "2048 kB" as bytes; 0 for an empty slot or what is no size. */
export function sizeOf(text: string | undefined): number {
  const match = /^(\d+) ?(kB|MB|GB|TB|bytes)$/.exec(text?.trim() ?? '');
  const power = { bytes: 0, kB: 1, MB: 2, GB: 3, TB: 4 }[match?.[2] ?? ''] ?? 0;
  return match ? Number(match[1]) * 1_024 ** power : 0;
}
