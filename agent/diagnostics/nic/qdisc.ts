/** `tc -s qdisc show`, as JSON or as text: what the queues in front of the devices dropped. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';
import { isJson, isObject, lines } from './ethtool/text.ts';

/** More queues than this are not looked at: 64 interfaces with 256 queues each have a sixth of it. */
const MAX_QUEUES = 100_000;

/** The queues of one interface, added up. */
export interface QueueStatistics {
  readonly kinds: readonly string[];
  readonly packets: number;
  readonly drops: number;
  readonly overlimits: number;
  readonly requeues: number;
  /** Packets that wait now. */
  readonly backlog: number;
}

/** One queue as `tc` tells it. */
interface Row {
  readonly device: string;
  readonly kind: string;
  readonly root: boolean;
  readonly count: (key: 'packets' | 'drops' | 'overlimits' | 'requeues' | 'qlen') => number;
}

/** Adds queues up. Queues below a multi-queue root are what it adds up itself, so only the root counts where there is one. */
function addedUp(rows: readonly Row[]): Map<string, QueueStatistics> {
  const roots = new Set(rows.filter(({ root }) => root).map(({ device }) => device));
  const found = new Map<string, QueueStatistics>();
  for (const { device, kind, root, count } of rows) {
    if (kind === 'ingress' || kind === 'clsact') continue;
    if (roots.has(device) && !root) continue;
    const before = found.get(device);
    found.set(device, {
      kinds: [...new Set([...(before?.kinds ?? []), kind])],
      packets: (before?.packets ?? 0) + count('packets'),
      drops: (before?.drops ?? 0) + count('drops'),
      overlimits: (before?.overlimits ?? 0) + count('overlimits'),
      requeues: (before?.requeues ?? 0) + count('requeues'),
      backlog: (before?.backlog ?? 0) + count('qlen'),
    });
  }
  return found;
}

/** Reads `tc -s -j qdisc show`. @throws Unavailable nonsense */
export function parseQdiscs(text: string): Map<string, QueueStatistics> {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    throw new Unavailable('nonsense', 'the JSON of tc is broken', error);
  }
  if (!Array.isArray(whole)) throw new Unavailable('nonsense', 'the JSON of tc is no list');
  const rows: Row[] = [];
  for (const row of whole.slice(0, MAX_QUEUES).filter(isObject)) {
    const { dev, kind, root } = row;
    if (typeof dev !== 'string' || typeof kind !== 'string') continue;
    const count: Row['count'] = (key) => (typeof row[key] === 'number' ? row[key] : 0);
    rows.push({ device: dev, kind, root: root === true, count });
  }
  return addedUp(rows);
}

/**
 * Reads `tc -s qdisc show`, the text, which is what versions before 4.16 have and what is kept in a sosreport.
 * @param asked the interface that it was asked of: its rows then name none. @throws Unavailable nonsense
 */
export function parseQdiscText(text: string, asked = ''): Map<string, QueueStatistics> {
  const rows: (Row & { readonly counts: Record<string, number> })[] = [];
  for (const line of lines(text)) {
    const head = /^qdisc (\S{1,32}) \S{1,32} (?:dev (\S{1,32}) )?(.{0,200})/.exec(line);
    const [, kind, named, rest] = head ?? [];
    const device = named ?? (asked === '' ? undefined : asked);
    if (kind !== undefined && device !== undefined && rows.length < MAX_QUEUES) {
      const counts: Record<string, number> = {};
      rows.push({
        ...{ device, kind, counts, count: (key) => counts[key] ?? 0 },
        root: /^root\b/.test(rest ?? ''),
      });
    }
    const last = head ? undefined : rows.at(-1)?.counts;
    const sent =
      /^\s*Sent \d{1,20} bytes (\d{1,20}) pkts? \(dropped (\d{1,20}), overlimits (\d{1,20}) requeues (\d{1,20})\)/.exec(
        line,
      );
    const waiting = /^\s*backlog \S{1,24} (\d{1,20})p\b/.exec(line);
    if (last && sent)
      Object.assign(last, {
        ...{ packets: Number(sent[1]), drops: Number(sent[2]) },
        ...{ overlimits: Number(sent[3]), requeues: Number(sent[4]) },
      });
    if (last && waiting) last.qlen = Number(waiting[1]);
  }
  if (rows.length === 0) throw new Unavailable('nonsense', 'tc printed something that is not in its format');
  return addedUp(rows);
}

/** What was saved of tc, of all interfaces or of one. @throws Unavailable not-captured */
function savedQueues(machine: Machine): Map<string, QueueStatistics> {
  const found = new Map<string, QueueStatistics>();
  for (const output of machine.saved?.('tc') ?? []) {
    if (!output.words.includes('qdisc')) continue;
    const last = output.words.at(-1) ?? '';
    const asked = /^(?:qdisc|show|ls|list)$/.test(last) ? '' : last;
    try {
      const rows = isJson(output.text) ? parseQdiscs(output.text) : parseQdiscText(output.text, asked);
      for (const [name, queue] of rows) if (!found.has(name)) found.set(name, queue);
    } catch (error) {
      machine.notUsed?.(output, unavailable(error).message);
    }
  }
  if (found.size === 0)
    throw new Unavailable('not-captured', 'the output of tc -s qdisc show is not in the captured folder');
  return found;
}

/** Queues by name of interface. */
export const nicQueues = fact({
  id: 'nic.queues',
  reads: ['tc -s -j qdisc show'],
  limitMs: 5_000,
  waits: true,
  read: async ({ machine, signal }): Promise<ReadonlyMap<string, QueueStatistics>> => {
    const run = (...args: string[]) => machine.run('tc', args, { timeoutMs: 2_000, signal });
    if (!machine.live && machine.saved) return savedQueues(machine);
    const { stdout, stderr } = await run('-s', '-j', 'qdisc', 'show');
    if (/is unknown/.test(stderr)) return parseQdiscText((await run('-s', 'qdisc', 'show')).stdout);
    if (stdout.trim() === '') throw new Unavailable('failed', `tc told nothing: ${stderr.slice(0, 200)}`);
    return isJson(stdout) ? parseQdiscs(stdout) : parseQdiscText(stdout);
  },
});
