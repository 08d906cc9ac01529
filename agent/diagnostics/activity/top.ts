/** The head of `top` (procps 3 and 4, busybox), of which people keep a piece: load, where the processors' time went, and memory. */

import { type CpuShares, numberOf, type Observed } from './shares.ts';

const MAX_LINES = 10_000;
/** "%Cpu(s):  4,4 us, …", "Cpu(s):  1.3%us, …", "%Cpu0  :  0.0 us, …"; busybox' "CPU:  12% usr …". */
const CPU = /^\s*(?:%?Cpu(\(s\)|\d{1,5})\s*:|CPU(\d{0,5}):)\s*(.*)$/;
const NAMES: Readonly<Record<string, string>> = { idle: 'id', io: 'wa', sirq: 'si' };

/** What top says of the machine. */
export interface Top extends Observed {
  /** Memory in bytes: all of it, and what can be had; undefined where that is not told. */
  readonly memory?: { readonly total: number; readonly available: number };
  readonly swap?: { readonly total: number; readonly used: number };
}

/** Reads its first look; undefined where there is none. */
export function parseTop(text: string): Top | undefined {
  const shares = new Map<string, CpuShares>();
  let memory: Map<string, number> | undefined;
  let swap: Map<string, number> | undefined;
  let percentAt = -1;
  const threads: { name: string; percent: number }[] = [];
  for (const raw of text.split('\n', MAX_LINES)) {
    const line = raw.slice(0, 400);
    const found = CPU.exec(line);
    const name = found ? (found[1] ?? found[2] ?? '').replace(/^(?:\(s\))?$/, 'all') : '';
    if (found && !shares.has(name)) {
      const row = sharesOf(name, found[3] ?? '');
      if (row) shares.set(name, row);
    }
    const sizes = /^\s*(?:([KMGT])iB )?(Mem|Swap) ?:(.*)$/.exec(line);
    if (sizes?.[2] === 'Mem') memory ??= sizesOf(sizes[3] ?? '', sizes[1] ?? '');
    const words = line.trim().split(/\s+/);
    if (words.includes('PID') && words.includes('%CPU')) percentAt = words.indexOf('%CPU');
    const thread = /^\[?((?:kswapd|kcompactd|ksoftirqd\/)\d{1,5})\]?$/.exec(words.at(-1) ?? '')?.[1];
    const percent = numberOf(words[percentAt]);
    if (thread !== undefined && percent > 0 && !threads.some(({ name: known }) => known === thread))
      threads.push({ name: thread, percent });
    if (sizes?.[2] === 'Swap') swap ??= sizesOf(sizes[3] ?? '', sizes[1] ?? '');
  }
  if (shares.size === 0 && threads.length === 0) return undefined;
  const total = memory?.get('total');
  // procps 3.3.10 and later tell it behind the line of swap; before, page cache stands there.
  const available = swap?.get('avail');
  const swapTotal = swap?.get('total');
  return {
    ...{ tool: 'top', looks: 1, shares: [...shares.values()], disks: [], threads },
    ...(total !== undefined && available !== undefined ? { memory: { total, available } } : {}),
    ...(swapTotal ? { swap: { total: swapTotal, used: swap?.get('used') ?? 0 } } : {}),
  };
}

/** "  4.4 us,  6.6 sy, …", " 12% usr   3% sys". With commas as decimal marks the parts are still told apart by their names. */
function sharesOf(cpu: string, text: string): CpuShares | undefined {
  const values = new Map<string, number>();
  for (const [, number, name = ''] of text.matchAll(/(\d{1,3}(?:[.,]\d{1,2})?)\s?%?\s?([a-z]{2,4})/g))
    values.set(NAMES[name] ?? name, numberOf(number));
  const idle = values.get('id');
  if (idle === undefined) return undefined;
  const of = (name: string) => values.get(name) ?? 0;
  return { cpu, idle, iowait: of('wa'), steal: of('st'), softirq: of('si') };
}

const UNITS: Readonly<Record<string, number>> = { '': 1_024, K: 1_024, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** "  88363.9 total,   1007.3 free, …   549.4 avail Mem", "   124728k total, …": bytes by name. */
function sizesOf(text: string, unit: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, number, own = '', name = ''] of text.matchAll(
    /(\d{1,15}(?:[.,]\d{1,3})?)([kKMGT]?)\+?\s+(total|free|used|avail|buff|cached)\b/g,
  ))
    found.set(name, numberOf(number) * (UNITS[own === '' ? unit : own.toUpperCase()] ?? 1_024));
  return found;
}
