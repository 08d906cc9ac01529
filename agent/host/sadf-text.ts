/** What `sadf -d` and `sadf -j` print, as the tables of `sar` that they hold, whose readers are there. */

import { type Json, memberOf } from './json-members.ts';

const MARK = 'hostname;interval;timestamp;';
const MAX_ROWS = 100_000;

/** A text with the rows of sadf in it as tables of sar; the text itself where it has none. */
export function sadfAsSar(text: string): string {
  if (text.includes(MARK)) return fromRows(text);
  if (!/^\s*\{\s*"sysstat" ?: ?\{/.test(text)) return text;
  return fromJson(text) ?? text;
}

/** "2026-02-03 10:10:01 UTC", or seconds since the epoch (-U), as the time of a row of sar; undefined for neither. */
function timeOf(stamp: string): string | undefined {
  const told = /\b(\d\d:\d\d:\d\d)\b/.exec(stamp)?.[1];
  if (told !== undefined || !/^\d{9,11}$/.test(stamp)) return told;
  return new Date(Number(stamp) * 1_000).toISOString().slice(11, 19);
}

/** "# hostname;interval;timestamp;CPU;%user;…" above "web1;600;2026-02-03 10:10:01 UTC;-1;0.42;…". */
function fromRows(text: string): string {
  let columns: string[] | undefined;
  let isHead = false;
  const rows: string[] = [];
  for (const row of text.split('\n', MAX_ROWS)) {
    const cells = row.replace(/\r$/, '').split(';');
    if (/^# ?hostname$/.test(cells[0] ?? '') && row.includes(MARK)) {
      // "rxpck/s", and behind some a list of what the row has of each device in turn ("[...]").
      columns = cells.slice(3).filter((cell) => cell !== '[...]');
      isHead = true;
      continue;
    }
    const time = columns && cells.length === columns.length + 3 ? timeOf(cells[2] ?? '') : undefined;
    if (!columns || time === undefined) {
      if (!/;LINUX-RESTART|;COM /.test(row)) rows.push(row);
      continue;
    }
    if (isHead) rows.push('', `${time}  ${columns.join('  ')}`);
    isHead = false;
    const values = cells
      .slice(3)
      .map((cell, at) => (columns?.[at] === 'CPU' && cell === '-1' ? 'all' : cell));
    rows.push(`${time}  ${values.join('  ')}`);
  }
  return rows.join('\n');
}

/** By the member of a sample: the columns of sar's table, and of which of its members each is. */
const TABLES: readonly (readonly [path: string, columns: readonly (readonly [string, string])[]])[] = [
  [
    'cpu-load',
    [
      ['CPU', 'cpu'],
      ...['user', 'nice', 'system', 'iowait', 'steal', 'idle'].map((one) => [`%${one}`, one] as const),
    ],
  ],
  [
    'network/net-edev',
    [
      ['IFACE', 'iface'],
      ...['rxerr', 'txerr', 'coll', 'rxdrop', 'txdrop', 'txcarr', 'rxfram', 'rxfifo', 'txfifo'].map(
        (one) => [`${one}/s`, one] as const,
      ),
    ],
  ],
  [
    'network/net-dev',
    [['IFACE', 'iface'], ...['rxpck', 'txpck', 'rxkB', 'txkB'].map((one) => [`${one}/s`, one] as const)],
  ],
  [
    'disk',
    [
      ['DEV', 'disk-device'],
      ['tps', 'tps'],
      ['rkB/s', 'rkB'],
      ['wkB/s', 'wkB'],
      ['aqu-sz', 'aqu-sz'],
      ['await', 'await'],
      ['%util', 'util-percent'],
    ],
  ],
  [
    'queue',
    ['runq-sz', 'plist-sz', 'ldavg-1', 'ldavg-5', 'ldavg-15', 'blocked'].map((one) => [one, one] as const),
  ],
  [
    'swap-pages',
    [
      ['pswpin/s', 'pswpin'],
      ['pswpout/s', 'pswpout'],
    ],
  ],
  [
    'paging',
    ['pgpgin', 'pgpgout', 'fault', 'majflt', 'pgscank', 'pgscand', 'pgsteal'].map(
      (one) => [`${one}/s`, one] as const,
    ),
  ],
  [
    'memory',
    [
      ['kbmemfree', 'memfree'],
      ['kbavail', 'avail'],
      ['kbmemused', 'memused'],
      ['%memused', 'memused-percent'],
      ['%commit', 'commit-percent'],
    ],
  ],
];

const list = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map((one) => memberOf(one)) : [memberOf(value)];

/** Undefined for JSON that is none of sadf's. */
function fromJson(text: string): string | undefined {
  let hosts: unknown;
  try {
    ({ hosts } = memberOf(JSON.parse(text), 'sysstat'));
  } catch {
    return undefined;
  }
  const rows: string[] = [];
  for (const host of Array.isArray(hosts) ? list(hosts) : [])
    for (const sample of list(host.statistics)) {
      const time = timeOf(String(memberOf(sample.timestamp).time ?? ''));
      if (time === undefined || rows.length > MAX_ROWS) continue;
      for (const [path, columns] of TABLES) {
        let at: unknown = sample;
        for (const key of path.split('/')) at = memberOf(at)[key];
        const found = at === undefined ? [] : list(at);
        const known = columns.filter(([, member]) => found.some((one) => one[member] !== undefined));
        if (known.length < 2) continue;
        rows.push('', `${time}  ${known.map(([column]) => column).join('  ')}`);
        for (const one of found)
          rows.push(`${time}  ${known.map(([, member]) => String(one[member] ?? 'none')).join('  ')}`);
      }
    }
  return rows.length === 0 ? undefined : `${rows.join('\n')}\n`;
}
