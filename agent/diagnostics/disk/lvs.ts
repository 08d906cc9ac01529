/**
 * `lvs` (lvm2), where dmsetup was not saved: its table with whatever columns, the pairs of --nameprefixes, and --reportformat json; and
 * `lvdisplay`. The ten letters of Attr are those of lvs(8): the first is what a volume is, the ninth its health.
 */

import type { DmRaid, DmStatus, Snapshot, ThinPool } from './dm-status.ts';

const MAX_ROWS = 20_000;

/** A volume by the names that lvs gives its fields, without "lv_" and "percent" spelled out. */
export interface LvsRow {
  readonly name: string;
  readonly group: string;
  readonly attributes: string;
  readonly data: number | undefined;
  readonly metadata: number | undefined;
}

function percentOf(word: unknown): number | undefined {
  const text = typeof word === 'string' || typeof word === 'number' ? String(word).trim() : '';
  return /^\d{1,3}(?:[.,]\d{1,2})?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** Columns begin where their names do, and are as wide as the longest of them. */
function fromTable(text: string): LvsRow[] {
  const rows: LvsRow[] = [];
  let at: Map<string, readonly [from: number, to: number | undefined]> | undefined;
  for (const raw of text.split('\n', MAX_ROWS)) {
    const line = raw.slice(0, 1_000);
    if (/^\s*LV\s+(?:\S.*\s)?Attr\b/.test(line)) {
      const starts = [...line.matchAll(/\S+/g)].map((match) => [match[0], match.index] as const);
      at = new Map(starts.map(([name, from], index) => [name, [from, starts[index + 1]?.[1]]]));
      continue;
    }
    if (!at) continue;
    const of = (column: string) => {
      const [from, to] = at?.get(column) ?? [];
      return from === undefined ? '' : line.slice(from, to).trim();
    };
    const attributes = of('Attr');
    if (/^[a-zA-Z-]{9,10}$/.test(attributes))
      rows.push({
        name: of('LV').replace(/[[\]]/g, ''),
        ...{ group: of('VG'), attributes, data: percentOf(of('Data%')), metadata: percentOf(of('Meta%')) },
      });
  }
  return rows;
}

function row(of: (field: string) => unknown): LvsRow {
  const word = (field: string) => String(of(field) ?? '').replace(/[[\]]/g, '');
  return {
    ...{ name: word('lv_name'), group: word('vg_name'), attributes: word('lv_attr') },
    ...{ data: percentOf(of('data_percent')), metadata: percentOf(of('metadata_percent')) },
  };
}

/** "LVM2_LV_NAME='root'|LVM2_VG_NAME='rhel'|LVM2_LV_ATTR='-wi-ao----'". */
function fromPairs(text: string): LvsRow[] {
  return text.split('\n', MAX_ROWS).flatMap((line): LvsRow[] => {
    const values = new Map(
      [...line.slice(0, 10_000).matchAll(/LVM2_(\w{1,40})='([^']{0,500})'/g)].map(
        ([, name = '', value = '']) => [name.toLowerCase(), value] as const,
      ),
    );
    return values.has('lv_name') ? [row((field) => values.get(field))] : [];
  });
}

function fromJson(text: string): LvsRow[] {
  try {
    const { report = [] } = JSON.parse(text) as {
      report?: readonly { lv?: readonly Record<string, unknown>[] }[];
    };
    return report.flatMap(({ lv = [] }) => lv.map((one) => row((field) => one[field])));
  } catch {
    return [];
  }
}

/**
 * The pools and snapshots of `lvdisplay`: "Allocated pool data 99.87%" of a thin pool, "Allocated to snapshot 84.07%" and "LV snapshot status
 * INACTIVE destination for root" of a snapshot that has no room.
 */
function fromDisplay(text: string): LvsRow[] {
  return text
    .split(/^\s*--- Logical volume ---\s*$/m)
    .slice(1, MAX_ROWS)
    .map((block) => {
      const of = (label: string) =>
        new RegExp(`^\\s*${label}\\s+(\\S.{0,200}?)\\s*$`, 'm').exec(block)?.[1] ?? '';
      const percent = (label: string) => percentOf(of(label).replace(/%$/, ''));
      const pool = percent('Allocated pool data');
      const snapshot = percent('Allocated to snapshot');
      const lost = /^INACTIVE destination/i.test(of('LV snapshot status'));
      const kind = pool !== undefined ? 't' : lost ? 'S' : snapshot !== undefined ? 's' : '-';
      return {
        ...{ name: of('LV Name').replace(/^.*\//, ''), group: of('VG Name'), attributes: `${kind}wi-a-----` },
        ...{ data: pool ?? snapshot, metadata: percent('Allocated metadata') },
      };
    });
}

/** The volumes of an output; none where it is neither lvs' nor lvdisplay's. */
export function lvsRows(text: string): LvsRow[] {
  return /^\s*\{/.test(text)
    ? fromJson(text)
    : [...fromPairs(text), ...fromTable(text), ...fromDisplay(text)];
}

/** What an output tells, as dmsetup would; undefined where it has no volumes. */
export function parseLvs(text: string): DmStatus | undefined {
  const rows = lvsRows(text);
  if (rows.length === 0) return undefined;
  const pools: ThinPool[] = [];
  const snapshots: Snapshot[] = [];
  const raids: DmRaid[] = [];
  for (const { name: volume, group, attributes, data, metadata } of rows) {
    const name = group === '' ? volume : `${group}/${volume}`;
    const [kind = '', health = ''] = [attributes[0], attributes[8]];
    if (kind === 't' && (data !== undefined || /[FDM]/.test(health)))
      pools.push({
        ...{ name, dataPercent: data ?? 0, metadataPercent: metadata ?? 0, needsCheck: false },
        mode: ({ F: 'Fail', D: 'out_of_data_space', M: 'ro' } as const)[health] ?? 'rw',
      });
    else if (/[sS]/.test(kind) && (data !== undefined || kind === 'S'))
      snapshots.push({ name, percent: kind === 'S' ? undefined : data });
    // A member is missing (partial), or was and must be brought up to date (refresh).
    else if (/[rR]/.test(kind) && /[pr]/.test(health))
      raids.push({
        name,
        level: 'raid',
        health: health === 'p' ? '-' : 'D',
        action: health === 'p' ? 'partial' : 'refresh needed',
      });
  }
  return { pools, snapshots, raids, multipaths: [], failed: [] };
}
