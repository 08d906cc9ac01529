/** `tc -s -j qdisc show`: what the queues in front of the devices dropped. */

import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { isObject } from './ethtool/text.ts';

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

/** Reads the JSON. Queues below a multi-queue root are what it adds up, so roots that repeat them are left out. @throws Unavailable nonsense */
export function parseQdiscs(text: string): Map<string, QueueStatistics> {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    throw new Unavailable('nonsense', 'the JSON of tc is broken', error);
  }
  if (!Array.isArray(whole)) throw new Unavailable('nonsense', 'the JSON of tc is no list');
  const rows = whole.slice(0, 100_000).filter(isObject);
  const roots = new Set(rows.filter(({ root }) => root === true).map(({ dev }) => dev));
  const found = new Map<string, QueueStatistics>();
  for (const row of rows) {
    const { dev, kind, root } = row;
    if (typeof dev !== 'string' || typeof kind !== 'string' || kind === 'ingress' || kind === 'clsact')
      continue;
    if (roots.has(dev) && root !== true) continue;
    const count = (key: string) => (typeof row[key] === 'number' ? row[key] : 0);
    const before = found.get(dev) ?? {
      kinds: [],
      packets: 0,
      drops: 0,
      overlimits: 0,
      requeues: 0,
      backlog: 0,
    };
    found.set(dev, {
      kinds: [...new Set([...before.kinds, kind])],
      packets: before.packets + count('packets'),
      drops: before.drops + count('drops'),
      overlimits: before.overlimits + count('overlimits'),
      requeues: before.requeues + count('requeues'),
      backlog: before.backlog + count('qlen'),
    });
  }
  return found;
}

/** Queues by name of interface. */
export const nicQueues = fact({
  id: 'nic.queues',
  reads: ['tc -s -j qdisc show'],
  limitMs: 5_000,
  read: async ({ machine, signal }): Promise<ReadonlyMap<string, QueueStatistics>> => {
    const { stdout, stderr } = await machine.run('tc', ['-s', '-j', 'qdisc', 'show'], {
      timeoutMs: 4_000,
      signal,
    });
    if (stdout.trim() === '') throw new Unavailable('failed', `tc told nothing: ${stderr.slice(0, 200)}`);
    return parseQdiscs(stdout);
  },
});
