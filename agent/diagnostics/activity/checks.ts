/** Checks of what the kernel itself is busy with while a tool looked: interrupts of one processor, and the search for free memory. */

import { check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures } from '../quantities.ts';
import { activity } from './activity.ts';
import { lookWords } from './shares.ts';

const softirq = check({
  id: 'system.softirq-one-cpu',
  area: 'system',
  title: 'A processor that does nothing but serve packets and other soft interrupts',
  about:
    'What mpstat -P ALL and top tell of each processor: where one is taken by soft interrupts while the others are idle, all packets of a ' +
    'NIC go to it, and that processor is the limit of the network. A ksoftirqd that is busy is the same.',
  needs: { activity },
  thresholds: {
    softPercent: { value: 80, unit: '%', source: 'chosen: a fifth is left for everything else' },
    othersIdlePercent: {
      value: 40,
      unit: '%',
      source: 'chosen: the machine has room, that processor has none',
    },
  },
  links: ['https://docs.kernel.org/networking/scaling.html'],
  evaluate: ({ activity: looks }, { softPercent, othersIdlePercent }) => {
    const told = looks.some(({ shares, threads }) => shares.length > 1 || (threads ?? []).length > 0);
    if (!told) return new NotApplicable('no tool tells of single processors');
    for (const seen of looks) {
      const single = seen.shares.filter(({ cpu }) => cpu !== 'all');
      const full = single.filter(({ softirq: share = 0 }) => share >= softPercent);
      const others = single.filter((one) => !full.includes(one));
      const idle = others.reduce((sum, one) => sum + one.idle, 0) / Math.max(1, others.length);
      const thread = seen.threads?.find(
        ({ name, percent }) => name.startsWith('ksoftirqd/') && percent >= softPercent,
      );
      const busy = full.length > 0 && others.length > 0 && idle >= othersIdlePercent;
      if (!busy && !thread) continue;
      const finding: FindingDraft = {
        severity: 'warning',
        certainty: 'likely',
        title: 'One processor is taken by soft interrupts while others have room',
        parameters: { processors: full.map(({ cpu }) => cpu).join(', ') || (thread?.name ?? '') },
        evidence: [
          busy
            ? `processor ${full.map(({ cpu, softirq: share = 0 }) => `${cpu}: ${figures(share)} %`).join(', ')} in soft interrupts, the others ${figures(idle)} % idle, ${lookWords(seen)}`
            : `${thread?.name}: ${figures(thread?.percent ?? 0)} % of a processor, ${lookWords(seen)}`,
        ],
        remedy: {
          text: 'Spread the packets: more queues (ethtool -L IFACE combined N), irqbalance, or RPS where the NIC has one queue.',
          risk: 'connection',
        },
        explains: ['nic.softnet-drops', 'nic.ring-overflow'],
      };
      return [finding];
    }
    return [];
  },
});

const reclaim = check({
  id: 'memory.reclaim-busy',
  area: 'memory',
  title: 'A kernel that is busy with finding free memory',
  about:
    'kswapd frees memory in the background and sleeps most of the time. Where it takes much of a processor, what is worked on does not ' +
    'fit into memory: pages are dropped and read again, and the machine may seem to hang.',
  needs: { activity },
  thresholds: {
    percent: {
      value: 50,
      unit: '%',
      source: 'chosen: half of a processor for nothing but looking for memory',
    },
  },
  evaluate: ({ activity: looks }, { percent: most }) => {
    if (!looks.some(({ tool }) => tool === 'top')) return new NotApplicable('no output of top was saved');
    const threads = new Map(
      looks.flatMap((seen) => seen.threads ?? []).map(({ name, percent }) => [name, percent]),
    );
    const busy = [...threads]
      .map(([name, percent]) => ({ name, percent }))
      .filter(({ name, percent }) => name.startsWith('kswapd') && percent >= most);
    if (busy.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: 'The kernel is busy with finding free memory',
        parameters: { percent: Math.max(...busy.map(({ percent }) => percent)) },
        evidence: [
          busy.map(({ name, percent }) => `${name}: ${figures(percent)} % of a processor`).join(', '),
        ],
        remedy: {
          text: 'Find what takes the memory and limit it, or give the machine more.',
          risk: 'restart',
        },
        explains: ['system.iowait', 'system.load-high'],
      },
    ];
  },
});

/** Checks of this file. */
export const SYSTEM_ACTIVITY_CHECKS = [softirq] as const;
/** The one of them that belongs to memory. */
export const MEMORY_ACTIVITY_CHECKS = [reclaim] as const;
